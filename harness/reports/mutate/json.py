"""Mutation testing as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from harness.mutate.fate import Fate, Mutation, Tried
from harness.reports import json_form
from harness.reports.json_form import VerdictName

FORMAT: Final = 1
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


@dataclass(frozen=True, kw_only=True)
class MutantJson:
    """One mutant and what became of it.

    Attributes:
        file: The file, relative to the project's root.
        name: Where in the file and by which operator; the same in every session.
        lines: The lines of the original that it changes.
        scenario: The scenario that failed, or was INCONCLUSIVE.
        oracle: What found it.
        title: The finding; of a mutant that could not run or was not tried, why.
        ran: The scenarios that ran.
        waived: Why a survivor is accepted; "" if it is not.
        stands_for: The bug in production, one sentence.
        noticed_by: The fault and the oracle that would notice it.
    """

    file: str
    name: str
    operator: str
    lines: tuple[int, ...]
    fate: Fate
    scenario: str
    oracle: str
    title: str
    ran: tuple[str, ...]
    seconds: float
    waived: str
    stands_for: str
    noticed_by: str
    diff: str


@dataclass(frozen=True, kw_only=True)
class MutationJson:
    """A session of mutation testing.

    Attributes:
        format: The version of the form.
        interrupted: Whether a signal ended it.
        seconds: How long the whole session took.
        seconds_trying: How long its part with mutants took.
        score: The share of convicted mutants among those judged and not accepted; null for none.
        share: The share of mutants that must be convicted; null for all that are not accepted.
        counts: How many mutants had each outcome.
        scenarios: How many scenarios there are for these files.
        not_passing: The scenarios that do not pass without any mutant, with what was found.
    """

    format: Literal[1]
    verdict: VerdictName
    interrupted: bool
    seconds: float
    seconds_trying: float
    score: float | None
    share: float | None
    counts: Mapping[str, int]
    scenarios: int
    not_passing: tuple[str, ...]
    notes: tuple[str, ...]
    mutants: tuple[MutantJson, ...]


def write_json(mutation: Mutation, path: Path) -> None:
    """Write the report to a file."""
    json_form.write(_session(mutation), path)


def _session(mutation: Mutation) -> MutationJson:
    return MutationJson(
        format=FORMAT,
        verdict=mutation.verdict.name,
        interrupted=mutation.interrupted,
        seconds=mutation.took.total_seconds(),
        seconds_trying=mutation.trying.total_seconds(),
        score=mutation.score,
        share=mutation.share,
        counts={str(fate): count for fate, count in mutation.counts.items()},
        scenarios=mutation.scenarios,
        not_passing=tuple(mutation.not_passing),
        notes=tuple(mutation.notes),
        mutants=tuple(map(_mutant, mutation.tried)),
    )


def _mutant(tried: Tried) -> MutantJson:
    mutant = tried.mutant
    return MutantJson(
        file=mutant.file.as_posix(),
        name=mutant.name,
        operator=mutant.operator,
        lines=mutant.lines,
        fate=tried.fate,
        scenario=tried.scenario,
        oracle=tried.oracle,
        title=tried.title,
        ran=tuple(tried.ran),
        seconds=tried.seconds,
        waived=tried.waived,
        stands_for=mutant.stands_for,
        noticed_by=mutant.noticed_by,
        diff=mutant.diff,
    )
