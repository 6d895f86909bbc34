"""The session as SARIF: each finding at the line of the application that it names, or at its scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from harness.files.places import Place
from harness.files.wording import masked
from harness.reports.sarif import Alert, Level, write_sarif
from harness.reports.source import place_of
from harness.results import GateDecided, Kind, Reason, SessionEnded, SessionEvent
from harness.verdict import Finding, Verdict


class SarifReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
        scenarios: The line on which each scenario is declared, by its name.
        project: The project's root.
    """

    def __init__(self, path: Path, *, scenarios: Mapping[str, Place], project: Path) -> None:
        self._path = path
        self._scenarios = scenarios
        self._project = project

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, SessionEnded):
            self._write(_of_runs(event, self._scenarios, ()))
        elif isinstance(event, GateDecided):
            beside = chain.from_iterable(map(_of_reason, (*event.reasons, *event.notes)))
            self._write(chain(_of_runs(event.ended, self._scenarios, event.notes), beside))

    def _write(self, alerts: Iterable[Alert]) -> None:
        write_sarif(self._path, alerts, category="harness/scenarios", project=self._project)


def _of_runs(ended: SessionEnded, scenarios: Mapping[str, Place], notes: Sequence[Reason]) -> Iterator[Alert]:
    waived = [one for one in notes if one.kind is Kind.WAIVED and one.found is None]
    for result in ended.results:
        declared = _declared(result.name, scenarios)
        for one in result.findings:
            if one.verdict is Verdict.PASSED:
                continue
            place = place_of(result, one)
            detail = f"{one.detail}\n\n" if one.detail else ""
            yield Alert(
                rule=one.oracle,
                about=result.name,
                title=one.title,
                text=f"{detail}Repeat: {result.repeat}",
                level=Level.of(one.verdict, one.harm),
                places=[found for found in (place, declared) if found is not None],
                subject=one.subject,
                waived=next((why.what for why in waived if _covers(why, result.name, one)), ""),
            )


def _covers(waived: Reason, name: str, finding: Finding) -> bool:
    """Whether a note of a gate is about this finding: it begins with the title of one in the same words."""
    about = (waived.name, waived.finding) == (name, finding.oracle)
    return about and masked(waived.what).startswith(masked(finding.title))


def _declared(name: str, scenarios: Mapping[str, Place]) -> Place | None:
    """Return where a scenario is declared; a run with a crash has the name of its scenario and more."""
    while name not in scenarios and "/" in name:
        name = name.rpartition("/")[0]
    return scenarios.get(name)


def _of_reason(reason: Reason) -> Iterator[Alert]:
    found, waived = reason.found, reason.kind is Kind.WAIVED
    if found is not None:
        yield Alert(
            rule=found.oracle,
            about=reason.name,
            title=found.title,
            text="" if reason.what == found.title else reason.what,
            level=Level.of(Verdict.FAILED if waived else found.verdict, found.harm),
            places=[reason.place] if reason.place else [],
            subject=found.subject,
            waived=reason.what if waived else "",
        )
