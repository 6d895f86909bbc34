"""The result of a run, and the events of a session that its reports are notified of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from harness.errors import EnvironmentUnavailable
from harness.events import Event
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import MachineBusy
from harness.files.places import Place
from harness.verdict import Finding, Verdict, worst


@dataclass(frozen=True, kw_only=True)
class Result:
    """A finished run.

    Attributes:
        name: The scenario's name.
        verdict: The worst of its findings'.
        findings: What was found, the most harmful first.
        evidence: What they were found in, without secrets where the run is kept.
        folder: Where it is kept.
        took: From the first step to the last.
        repeat: The command that repeats it.
        note: What else the user must know, such as that the folder had to move.
        machine_was_busy: Whether it is the result of a second run, because the machine was busy in the first.
        judged: The evidence with its secrets, where there are any: for another run to be compared with, and nothing
            else.
    """

    name: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    evidence: Evidence
    folder: Path
    took: timedelta
    repeat: str
    note: str = ""
    machine_was_busy: bool = False
    judged: Evidence | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class SessionStarted:
    """Scenarios are about to be run.

    Attributes:
        names: One for each run: a repeated scenario is here several times.
        command: The command line that started it, "" where there was none.
    """

    at: datetime
    names: tuple[str, ...]
    seed: int
    folder: Path
    temporal: str
    toxiproxy: str
    command: str = ""


@dataclass(frozen=True, kw_only=True)
class RunBegan:
    """A run began."""

    name: str


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """One event of one run."""

    name: str
    event: Event


@dataclass(frozen=True, kw_only=True)
class RunEnded:
    """A run has its result."""

    result: Result


@dataclass(frozen=True, kw_only=True)
class SessionEnded:
    """The session ended.

    Attributes:
        started: How it began.
        results: In the order of their names.
        not_run: The scenarios whose run never began, because the session was interrupted.
        skipped: What this machine lacks, by the name of the scenario that was skipped because of it. Only outside CI.
        over_budget: The scenarios whose run never began, because the time budget was used up.
        interrupted: Whether a signal ended it.
        took: From the first run to the last.
        machine: How busy the machine was; None where that is not known.
    """

    started: SessionStarted
    results: tuple[Result, ...]
    not_run: tuple[str, ...]
    skipped: Mapping[str, str]
    over_budget: tuple[str, ...] = ()
    interrupted: bool
    took: timedelta
    machine: MachineBusy | None = field(default=None, compare=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of all; INCONCLUSIVE at best when it was interrupted or there was nothing to run."""
        if self.interrupted or self.not_run or not self.results:
            return worst([Verdict.INCONCLUSIVE, *(result.verdict for result in self.results)])
        return worst(result.verdict for result in self.results)


class Triage(StrEnum):
    """What further runs of a red scenario showed."""

    ALWAYS = "fails every time"
    FLAKY_APPLICATION = "flaky in the application"
    FLAKY_MACHINE = "flaky: the machine"
    FLAKY_HARNESS = "flaky in the harness or its surroundings"


class Kind(StrEnum):
    """Kinds of reasons and notes of a gate."""

    NEW = "new"
    EXPIRED = "waiver expired"
    NOT_RUN = "not run"
    UNPROVEN = "unproven"
    CORPUS = "does not replay"
    EXPLORED = "exploration"
    MUTATION = "mutation"
    INTERRUPTED = "interrupted"
    WAIVED = "waived"
    UNUSED = "unused waiver"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    NOT_JUDGED = "not judged"
    MACHINE = "machine"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason or note of a gate.

    Attributes:
        kind: Its kind.
        name: What it is about: a scenario, a claim, a corpus or a target; "" for the session.
        finding: The oracle or rule, where it is about a finding.
        what: A sentence.
        verdict: FAILED where something is known to have failed, otherwise INCONCLUSIVE.
        found: The finding, where it is of an exploration or of a replay and so in no run of the session.
        place: The line of the application that it is about, where that is known.
    """

    kind: Kind
    name: str = ""
    finding: str = ""
    what: str
    verdict: Verdict = Verdict.INCONCLUSIVE
    found: Finding | None = None
    place: Place | None = None

    def __str__(self) -> str:
        return ": ".join(one for one in (self.kind, self.name, self.finding, self.what) if one)


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A mutant that no scenario failed for.

    Attributes:
        file: The mutated file.
        name: Its name.
        fate: What became of it, such as "survived".
        stands_for: The bug in production.
        noticed_by: The fault and the oracle that would notice it.
        diff: What was changed.
    """

    file: str
    name: str
    fate: str
    stands_for: str
    noticed_by: str
    diff: str


@dataclass(frozen=True, kw_only=True)
class Mutants:
    """What became of all mutants of some reports of `harness mutate`.

    Attributes:
        convicted: How many a scenario failed for.
        judged: How many count: neither accepted, nor without a run.
        untried: How many were not tried.
        files: How many were convicted, and judged, in each file.
        survivors: Those judged and not convicted.
    """

    convicted: int = 0
    judged: int = 0
    untried: int = 0
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    survivors: tuple[Survivor, ...] = ()

    @property
    def said(self) -> str:
        """The share in words."""
        return f"{self.convicted} of {self.judged} mutant{'' if self.judged == 1 else 's'} were convicted"


@dataclass(frozen=True, kw_only=True)
class GateDecided:
    """A gate has decided over a session.

    Attributes:
        ended: The session.
        reasons: Why not to merge; empty when the gate is green.
        notes: What is worth knowing and does not block the merge.
        triage: What further runs of red scenarios showed, by scenario.
        mutants: What became of the mutants of the reports that were handed over; None without any.
    """

    ended: SessionEnded
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    triage: Mapping[str, Triage]
    mutants: Mutants | None = None

    @property
    def green(self) -> bool:
        """Whether to merge."""
        return not self.reasons

    @property
    def verdict(self) -> Verdict:
        """The worst of its reasons'; PASSED without any."""
        return worst(one.verdict for one in self.reasons)

    @property
    def interrupted(self) -> bool:
        """Whether a signal ended it before all was done."""
        return any(one.kind is Kind.INTERRUPTED for one in self.reasons)

    @property
    def title(self) -> str:
        """The decision in words, such as "do not merge: 2 reasons"."""
        many = len(self.reasons)
        return f"do not merge: {many} reason{'' if many == 1 else 's'}" if many else "merge"


SessionEvent = SessionStarted | RunBegan | RunEvent | RunEnded | SessionEnded | GateDecided


class Report(Protocol):
    """Is notified of the events of a session. A report asks nobody and decides nothing."""

    def notify(self, event: SessionEvent) -> None:
        """Take one event."""


class Reports:
    """Several reports as one: an error in writing one keeps neither the others nor the verdict back; `close` raises it.

    Args:
        reports: Who is notified.
    """

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = tuple(reports)
        self._problems: dict[str, None] = {}

    def notify(self, event: SessionEvent) -> None:
        """Notify each of them."""
        for report in self._reports:
            try:
                report.notify(event)
            except OSError as error:
                self._problems[f"a report cannot be written: {error}."] = None
            except EnvironmentUnavailable as error:
                self._problems[str(error)] = None

    def close(self) -> None:
        """Raise the errors in writing reports.

        Raises:
            EnvironmentUnavailable: Some reports could not be written; it names all of them.
        """
        if self._problems:
            raise EnvironmentUnavailable("\n".join(self._problems))
