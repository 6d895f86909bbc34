"""What came out of an exploration: what was explored, what was not, and each finding with its smallest schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from harness.evidence.calls import CallName
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.judge import Bug, Judged, bug_of
from harness.files.places import Place, own_places
from harness.verdict import Finding, Harm, Verdict, worst


@dataclass(frozen=True, kw_only=True)
class SmallestFailure:
    """A finding at one call with the smallest schedule that shows it.

    One mistake may be found at several calls: the first of them is shrunk and repeated, and tells the story.

    Attributes:
        finding: What does not hold, and how.
        judged: The run under the smallest schedule.
        others: Further schedules that show it at the same call, smallest first.
        same_as: The schedule of the finding that is the same mistake, and was found first; None for that one.
        repeats: Whether it came again when that schedule was run once more, alone; None if it was not.
        undoes: What would take back what it is about.
        waived: Until when the baseline waives it, and why; "" when it does not.
        confirmed: Whether it was seen where it counts: not where it came in simulation only.
    """

    finding: Finding
    judged: Judged
    others: tuple[Schedule, ...] = ()
    same_as: Schedule | None = None
    repeats: bool | None = None
    undoes: frozenset[str] = frozenset()
    waived: str = ""
    confirmed: bool = True

    @property
    def schedule(self) -> Schedule:
        """The smallest schedule that shows it."""
        return self.judged.schedule

    @property
    def id(self) -> str:
        """What a baseline knows it by, from one exploration to the next."""
        return self.finding.id

    @property
    def bug(self) -> Bug:
        """Which mistake it is: findings at several calls may be one."""
        return bug_of(self.finding)

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls that were hit."""
        return tuple(str(one.call) for one in self.schedule.faults)

    @property
    def cancels(self) -> bool:
        """Whether somebody cancels the workflow in its schedule."""
        return any(one.kind.cancels for one in self.schedule.faults)

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
        """That of the finding, unless it did not repeat, is waived, or came in simulation only."""
        if self.excluded or self.waived or not self.confirmed:
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


def shares_of(planned: Iterable[Iterable[Schedule]], judged: Mapping[Schedule, Judged]) -> tuple[Share, ...]:
    """Return how much was explored of what was planned, by the number of faults."""
    shares: dict[int, Share] = {}
    for schedules in planned:
        for schedule in schedules:
            many = len(schedule.faults)
            known = shares.setdefault(many, Share(faults=many, explored=0, of=0))
            explored = known.explored + (schedule in judged and not judged[schedule].missed)
            shares[many] = replace(known, explored=explored, of=known.of + 1)
    return tuple(share for _, share in sorted(shares.items()))


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """What came out.

    Attributes:
        target: What was explored, as it was named.
        began: When.
        took: How long.
        fault_free: The run without any fault, judged.
        judged: Every run, in the order in which it was planned, without the fault-free one.
        findings: Each with its smallest schedule: first what is broken without any fault, then the most harmful; what
            only a cancellation shows comes last. Those that are one mistake follow each other.
        advice: Advisory ones.
        points: The faults that can be injected at the calls of the fault-free run.
        shares: How much was explored, by the number of faults.
        left_out: Faults that the target did not want.
        notes: What else the reader has to know: what was shortened, what varies.
        unclear: Why it proves less than it should.
        sometimes: The calls that only some runs without any fault make, since there is a race in them.
        interrupted: Whether somebody ended it from outside.
        tried_again: How many runs shrinking and repeating took.
        resumed: How many of the runs are those of a campaign that this one resumed.
        remark: What the closing line says besides the verdict; "" for nothing.
        code: The lines of the target's activities and of its workflow, as of `Target.code`.
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
    sometimes: frozenset[CallName] = frozenset()
    interrupted: bool = False
    tried_again: int = 0
    resumed: int = 0
    remark: str = ""
    code: Mapping[str, Place] = field(default_factory=dict)

    @property
    def not_tried(self) -> tuple[str, ...]:
        """At what no fault is injected, one sentence each."""
        return self.fault_free.run.not_tried

    @property
    def verdict(self) -> Verdict:
        """The worst of its findings'; INCONCLUSIVE at best when it proves less than it should, or nothing."""
        found = [one.verdict for one in self.findings]
        nothing = all(one.missed for one in self.judged)
        unclear = any(one.unclear for one in self.judged if not self.is_left_to_chance(one))
        proves = not (unclear or nothing or self.unclear or self.interrupted)
        return worst([*found, Verdict.PASSED if proves else Verdict.INCONCLUSIVE])

    def places(self, failure: SmallestFailure) -> tuple[Place, ...]:
        """The lines that a finding is about, the most exact first: where it broke, its activity, the workflow."""
        run = failure.judged.run
        broke = [run.stuck[1]] if run.stuck is not None else []
        if failure.finding.harm is Harm.OUTCOME and run.outcome.failure is not None:
            broke += [one.stack_trace for one in run.outcome.failure.chain()]
        named = [own[-1] for text in broke if (own := own_places(text))]
        known = [self.code[name] for name in (failure.finding.subject, "") if name in self.code]
        return tuple(dict.fromkeys([*named, *known]))

    def is_left_to_chance(self, judged: Judged) -> bool:
        """Whether a run that proves nothing was a second fault that was not injected, or one whose call a race decides.

        It says nothing new; it does not count as explored, and that is all.
        """
        faults = judged.schedule.faults
        return (judged.missed and len(faults) > 1) or any(one.call in self.sometimes for one in faults)
