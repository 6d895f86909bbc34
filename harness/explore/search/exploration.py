"""What came out of an exploration: what was explored, what was not, and one finding for each broken promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.judge import Broken, Judged
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class BrokenPromise:
    """One finding: a promise, and the smallest schedule that breaks it.

    Attributes:
        broken: Which promise, and how.
        judged: The run under the smallest schedule.
        others: Further schedules that break it, smallest first.
        repeats: Whether it broke again when that schedule was performed once more, alone; None if it was not.
        apart: Whether it takes an undo that is refused for good.
        accepted: Why the baseline accepts it; "" when it does not.
    """

    broken: Broken
    judged: Judged
    others: tuple[Schedule, ...] = ()
    repeats: bool | None = None
    apart: bool = False
    accepted: str = ""

    @property
    def schedule(self) -> Schedule:
        """The smallest schedule that breaks it."""
        return self.judged.schedule

    @property
    def id(self) -> str:
        """What a baseline knows it by, from one exploration to the next."""
        invariant, subject = self.broken.promise
        return f"{invariant}|{subject}" if subject else invariant

    @property
    def verdict(self) -> Verdict:
        """FAILED, unless it did not repeat, is accepted, or is told apart."""
        if self.apart or self.accepted:
            return Verdict.PASSED
        return Verdict.INCONCLUSIVE if self.repeats is False else Verdict.FAILED


@dataclass(frozen=True, kw_only=True)
class Share:
    """How much was explored of the schedules with so many faults."""

    faults: int
    explored: int
    of: int

    def __str__(self) -> str:
        what = {1: "singles", 2: "pairs"}.get(self.faults, f"schedules of {self.faults} faults")
        return f"{self.explored} of {self.of} {what}"


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """What came out.

    Attributes:
        target: What was explored, as it was named.
        began: When.
        took: How long.
        fault_free: The run without any fault, judged.
        judged: Every run, in the order in which it was planned, the fault-free one excepted.
        findings: One for each broken promise, the smallest schedule first.
        advice: Advisory ones.
        points: The faults that the calls of the fault-free run can meet.
        shares: How much was explored, by the number of faults.
        left_out: Faults that the target did not want.
        notes: What else the reader has to know: what was shortened, what varies.
        unclear: Why it proves less than it should.
        interrupted: Whether somebody ended it from outside.
        tried_again: How many runs shrinking and repeating took.
        resumed: How many of the runs are those of a campaign that this one resumed.
    """

    target: str
    began: datetime
    took: timedelta
    fault_free: Judged
    judged: tuple[Judged, ...] = ()
    findings: tuple[BrokenPromise, ...] = ()
    advice: tuple[BrokenPromise, ...] = ()
    points: tuple[PlannedFault, ...] = ()
    shares: tuple[Share, ...] = ()
    left_out: tuple[PlannedFault, ...] = ()
    notes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    interrupted: bool = False
    tried_again: int = 0
    resumed: int = 0

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings'; INCONCLUSIVE at best when it proves less than it should, or nothing."""
        found = [one.verdict for one in self.findings]
        nothing = all(one.missed for one in self.judged)
        # A second fault that is not met tells nothing new; it does not count as explored, and that is all.
        unclear = any(one.unclear for one in self.judged if not (one.missed and len(one.schedule.faults) > 1))
        proves = not (unclear or nothing or self.unclear or self.interrupted)
        return worst([*found, Verdict.PASSED if proves else Verdict.INCONCLUSIVE])
