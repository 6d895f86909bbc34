"""The session as JUnit XML: a suite for each pattern, a case for each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.reports.junit import Case, CaseOutcome, Problem, write_junit
from harness.results import GateDecided, Kind, Reason, Result, SessionEnded, SessionEvent

BESIDE_THE_RUNS = frozenset({Kind.CORPUS, Kind.EXPLORED, Kind.UNPROVEN, Kind.INTERRUPTED})
"""Reasons of a gate that are not about a run of the session."""


class JunitReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, SessionEnded):
            write_junit(self._path, name="harness", cases=_cases(event))
        elif isinstance(event, GateDecided):
            reasons = [one for one in event.reasons if one.kind in BESIDE_THE_RUNS]
            write_junit(self._path, name="harness", cases=_cases(event.ended, reasons))


def _cases(event: SessionEnded, reasons: Sequence[Reason] = ()) -> Iterator[Case]:
    yield from map(_run, event.results)
    for name in event.not_run:
        yield _without_run(
            name, CaseOutcome.ERROR, "the session was interrupted before this run started", "INCONCLUSIVE"
        )
    for name in event.over_budget:
        yield _without_run(name, CaseOutcome.ERROR, "the time budget ran out before this run started", "INCONCLUSIVE")
    for name, missing in event.skipped.items():
        yield _without_run(name, CaseOutcome.SKIPPED, missing)
    for reason in reasons:
        # What was interrupted is an error, as a run is that proves nothing.
        outcome = CaseOutcome.ERROR if reason.kind is Kind.INTERRUPTED else CaseOutcome.FAILURE
        yield Case(
            suite="gate",
            name=": ".join(one for one in (reason.name or "session", reason.finding) if one),
            problems=(Problem(outcome=outcome, message=reason.what, type=reason.kind),),
        )


def _without_run(name: str, outcome: CaseOutcome, message: str, kind: str = "") -> Case:
    pattern, _, failure = name.partition("/")
    return Case(suite=pattern, name=failure, problems=(Problem(outcome=outcome, message=message, type=kind),))


def _run(result: Result) -> Case:
    pattern, _, failure = result.name.partition("/")
    return Case(
        suite=pattern,
        name=failure,
        seconds=result.took.total_seconds(),
        problems=tuple(
            Problem(outcome=CaseOutcome.of(one.verdict), message=one.title, type=one.oracle, text=str(one))
            for one in result.findings
        ),
        output=f"seed: {result.evidence.seed}\nfolder: {result.folder}\nrepeat: {result.repeat}",
    )
