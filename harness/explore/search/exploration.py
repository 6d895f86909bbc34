"""What came out of an exploration: what was explored, what was not, and each finding with its smallest schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.judge import Judged
from harness.verdict import Finding, Verdict, worst


@dataclass(frozen=True, kw_only=True)
class SmallestFailure:
    """A finding with the smallest schedule that shows it.

    Attributes:
        finding: What does not hold, and how.
        judged: The run under the smallest schedule.
        others: Further schedules that show it, smallest first.
        repeats: Whether it came again when that schedule was run once more, alone; None if it was not.
        undoes: What would take back what it is about.
        waived: Until when the baseline waives it, and why; "" when it does not.
    """

    finding: Finding
    judged: Judged
    others: tuple[Schedule, ...] = ()
    repeats: bool | None = None
    undoes: frozenset[str] = frozenset()
    waived: str = ""

    @property
    def schedule(self) -> Schedule:
        """The smallest schedule that shows it."""
        return self.judged.schedule

    @property
    def id(self) -> str:
        """What a baseline knows it by, from one exploration to the next."""
        return self.finding.id

    @property
    def title(self) -> str:
        """What does not hold, in one sentence."""
        return self.finding.title

    @property
    def excluded(self) -> str:
        """Why it does not count; "" when it does."""
        return self.finding.excluded

    @property
    def verdict(self) -> Verdict:
        """That of the finding, unless it did not repeat or is waived."""
        if self.excluded or self.waived:
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
        judged: Every run, in the order in which it was planned, without the fault-free one.
        findings: Each with its smallest schedule, the smallest of these first.
        advice: Advisory ones.
        points: The faults that can be injected at the calls of the fault-free run.
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
    findings: tuple[SmallestFailure, ...] = ()
    advice: tuple[SmallestFailure, ...] = ()
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
        # A second fault that is not injected says nothing new; it does not count as explored, and that is all.
        unclear = any(one.unclear for one in self.judged if not (one.missed and len(one.schedule.faults) > 1))
        proves = not (unclear or nothing or self.unclear or self.interrupted)
        return worst([*found, Verdict.PASSED if proves else Verdict.INCONCLUSIVE])
