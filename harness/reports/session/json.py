"""The session as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from harness.files.places import Place
from harness.reports.json_form import HarmName, Moment, VerdictName, write
from harness.results import GateDecided, Kind, Reason, Result, SessionEnded, SessionEvent
from harness.verdict import Finding

FORMAT: Final = 2
"""Version of the form. Fields may be added within a version, and are not taken away or changed."""


@dataclass(frozen=True, kw_only=True)
class FindingJson:
    """One finding.

    Attributes:
        oracle: The oracle, the invariant or the harness's own rule that found it.
        title: One sentence.
        detail: What was seen, line by line.
        refs: Where in the evidence: call ids, "event 12", fault names.
        subject: What it is about, such as an activity.
    """

    oracle: str
    verdict: VerdictName
    harm: HarmName
    title: str
    detail: str
    refs: tuple[str, ...]
    subject: str


@dataclass(frozen=True, kw_only=True)
class RunJson:
    """One run.

    Attributes:
        name: The scenario.
        repeat: The command that repeats it.
    """

    name: str
    verdict: VerdictName
    seconds: float
    seed: int
    folder: str
    repeat: str
    findings: tuple[FindingJson, ...]


@dataclass(frozen=True, kw_only=True)
class ReasonJson:
    """A reason or a note of a gate.

    Attributes:
        name: What it is about: a scenario, a claim, a corpus or a target; "" for the session.
        finding: The oracle or rule, where it is about a finding.
        what: A sentence.
        verdict: Of a reason: FAILED where something is known to have failed.
        found: The finding, where it is in no run: of an exploration or a replay.
        place: The line of the application that it is about, where that is known.
    """

    kind: Kind
    name: str
    finding: str
    what: str
    verdict: VerdictName
    found: FindingJson | None
    place: Place | None


@dataclass(frozen=True, kw_only=True)
class GateJson:
    """The decision of a gate.

    Attributes:
        green: Whether to merge.
        verdict: The worst of its reasons', which the exit code follows from.
        triage: What further runs of red scenarios showed, by scenario.
    """

    green: bool
    verdict: VerdictName
    reasons: tuple[ReasonJson, ...]
    notes: tuple[ReasonJson, ...]
    triage: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class SessionJson:
    """A session.

    Attributes:
        format: The version of the form.
        interrupted: Whether a signal ended it; the rest is then partial.
        command: The command line that started it.
        not_run: The scenarios whose run never began, because the session was interrupted.
        skipped: What this machine lacks, by the scenario that was skipped because of it.
        over_budget: The scenarios whose run never began, because the time budget was used up.
    """

    format: Literal[2]
    verdict: VerdictName
    interrupted: bool
    started_at: Moment
    seconds: float
    command: str
    seed: int
    temporal: str
    toxiproxy: str
    folder: str
    runs: tuple[RunJson, ...]
    not_run: tuple[str, ...]
    skipped: Mapping[str, str]
    over_budget: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecidedJson(SessionJson):
    """A session that a gate has decided over."""

    gate: GateJson


class JsonReport:
    """Writes the file when the session has ended, and again when a gate has decided over it.

    Args:
        path: Which file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if isinstance(event, SessionEnded):
            write(_session(event), self._path)
        elif isinstance(event, GateDecided):
            write(DecidedJson(**vars(_session(event.ended)), gate=_gate(event)), self._path)


def _session(event: SessionEnded) -> SessionJson:
    started = event.started
    return SessionJson(
        format=FORMAT,
        verdict=event.verdict.name,
        interrupted=event.interrupted,
        started_at=started.at.isoformat(),
        seconds=event.took.total_seconds(),
        command=started.command,
        seed=started.seed,
        temporal=started.temporal,
        toxiproxy=started.toxiproxy,
        folder=str(started.folder),
        runs=tuple(map(_run, event.results)),
        not_run=event.not_run,
        skipped=event.skipped,
        over_budget=event.over_budget,
    )


def _gate(event: GateDecided) -> GateJson:
    return GateJson(
        green=event.green,
        verdict=event.verdict.name,
        reasons=tuple(map(_reason, event.reasons)),
        notes=tuple(map(_reason, event.notes)),
        triage=event.triage,
    )


def _reason(reason: Reason) -> ReasonJson:
    return ReasonJson(
        kind=reason.kind,
        name=reason.name,
        finding=reason.finding,
        what=reason.what,
        verdict=reason.verdict.name,
        found=None if reason.found is None else _finding(reason.found),
        place=reason.place,
    )


def _run(result: Result) -> RunJson:
    return RunJson(
        name=result.name,
        verdict=result.verdict.name,
        seconds=result.took.total_seconds(),
        seed=result.evidence.seed,
        folder=str(result.folder),
        repeat=result.repeat,
        findings=tuple(map(_finding, result.findings)),
    )


def _finding(finding: Finding) -> FindingJson:
    return FindingJson(
        oracle=finding.oracle,
        verdict=finding.verdict.name,
        harm=finding.harm.name,
        title=finding.title,
        detail=finding.detail,
        refs=finding.refs,
        subject=finding.subject,
    )
