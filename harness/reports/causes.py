"""Groups what was found in many runs by its probable cause, so that one mistake is one block of a report.

A symptom is one finding, in all runs that have it: the same oracle, the same operation, and the same sentence apart
from its values. Symptoms that occur in the same run probably have the same cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.files.wording import masked
from harness.reports.text import plural
from harness.results import Kind, Reason, Result, Triage
from harness.verdict import Finding, Verdict, reading_order, worst

Key = tuple[str, str, str]

NAMES_SHOWN = 10
"""How many scenarios are named in a line of text; the HTML and Markdown reports name all."""

OF_SCENARIOS = frozenset({Kind.NEW, Kind.NOT_RUN, Kind.WAIVED, Kind.SKIPPED})
"""Reasons and notes that are about scenarios, of which many may have the same."""

_CALL = re.compile(r"([^#\s]+)#\d+")


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One finding, in all runs that have it.

    Attributes:
        finding: As one of them has it, the one with the shortest record.
        results: The runs, that one first.
    """

    finding: Finding
    results: tuple[Result, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios, each once, by name."""
        return _names(self.results)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Symptoms that occur together, the most harmful first.

    Attributes:
        symptoms: All of them, at least one.
    """

    symptoms: tuple[Symptom, ...]

    @property
    def lead(self) -> Symptom:
        """The most harmful symptom; of several, the one that most runs have."""
        return self.symptoms[0]

    @property
    def example(self) -> Result:
        """The run to look at first: it has the most harmful symptom, and the shortest record of those that have it."""
        return self.lead.results[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios, each once, by name."""
        return _names(result for symptom in self.symptoms for result in symptom.results)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the runs."""
        return worst(symptom.finding.verdict for symptom in self.symptoms)


def causes(results: Iterable[Result]) -> tuple[Cause, ...]:
    """Return the probable causes of all findings, the most harmful first; of equal harm, the one of most runs."""
    symptoms: dict[Key, list[tuple[Result, Finding]]] = {}
    groups: list[set[Key]] = []
    for result in results:
        together: set[Key] = set()
        for finding in result.findings:
            key = _key(result, finding)
            seen = symptoms.setdefault(key, [])
            if not seen or seen[-1][0] is not result:
                seen.append((result, finding))
            together.add(key)
        if together:
            groups = [
                *(one for one in groups if not one & together),
                together.union(*(one for one in groups if one & together)),
            ]
    found = (
        Cause(symptoms=_ordered(_symptom(seen) for key, seen in symptoms.items() if key in group)) for group in groups
    )
    return tuple(sorted(found, key=lambda one: (reading_order(one.lead.finding), -len(one.names), one.names)))


def _symptom(seen: list[tuple[Result, Finding]]) -> Symptom:
    ordered = sorted(seen, key=lambda one: (len(one[0].evidence.events), one[0].name))
    return Symptom(finding=ordered[0][1], results=tuple(result for result, _ in ordered))


def _ordered(symptoms: Iterable[Symptom]) -> tuple[Symptom, ...]:
    return tuple(sorted(symptoms, key=lambda one: (reading_order(one.finding), -len(one.results))))


def _key(result: Result, finding: Finding) -> Key:
    """What makes two findings one symptom.

    An operation of a service may be called by several patterns, and one mistake in it shows in all of them. A finding
    that is about no operation is about the pattern's own workflow.
    """
    called = {found[1] for ref in finding.refs if (found := _CALL.fullmatch(ref))}
    about = called.pop() if len(called) == 1 else f"{result.name.partition('/')[0]}/"
    return finding.oracle, about, masked(finding.title)


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Reasons or notes of a gate that say the same of several scenarios.

    Attributes:
        first: One of them.
        names: All scenarios, each once.
        triage: What further runs of these scenarios showed.
    """

    first: Reason
    names: tuple[str, ...]
    triage: Mapping[str, Triage]

    @property
    def labels(self) -> tuple[str, ...]:
        """The scenarios, each with what its further runs showed."""
        return tuple(f"{one} ({self.triage[one]})" if one in self.triage else one for one in self.names)

    def __str__(self) -> str:
        if len(self.names) > 1:
            same = ": ".join(one for one in (self.first.kind, self.first.finding, self.first.what) if one)
            return f"{same} In {listed(self.labels)}"
        return f"{self.first}{f' ({self.triage[self.first.name]})' if self.triage else ''}"


def alike(reasons: Iterable[Reason], triage: Mapping[str, Triage]) -> tuple[Reasons, ...]:
    """Return the reasons of a gate, those that say the same of several scenarios of one pattern as one."""
    groups: dict[tuple[str, ...], list[Reason]] = {}
    for one in reasons:
        about = one.name.partition("/")[0] if one.kind in OF_SCENARIOS else one.name
        groups.setdefault((one.kind, about, one.finding, masked(one.what)), []).append(one)
    return tuple(_reasons(same, triage) for same in groups.values())


def _reasons(same: Sequence[Reason], triage: Mapping[str, Triage]) -> Reasons:
    names = tuple(dict.fromkeys(one.name for one in same))
    return Reasons(first=same[0], names=names, triage={name: triage[name] for name in names if name in triage})


def listed(names: Sequence[str]) -> str:
    """Return "3 scenarios: a, b, c", with the first names only when there are many."""
    more = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{plural(len(names), 'scenario')}: {shown}{f' and {more} more' if more > 0 else ''}"


def _names(results: Iterable[Result]) -> tuple[str, ...]:
    return tuple(sorted({result.name for result in results}))
