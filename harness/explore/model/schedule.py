"""Schedules of an exploration: which faults are injected at which calls, under names that repeat them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from harness.errors import UsageError
from harness.evidence.calls import CallName
from harness.explore.kind import ArmedKind, FaultKind
from harness.explore.model.fault_kinds import every_kind, problem_with

_NAME = re.compile(
    r"(?:(?P<workflow>[^/:#,]+)/)?(?P<activity>[^:#,]+?)#(?P<nth>\d+):(?P<kind>[a-z0-9_-]+)(?:@(?P<beat>\d+))?"
)


@dataclass(frozen=True, kw_only=True)
class PlannedFault:
    """One kind of fault at one call.

    Attributes:
        call: Where.
        kind: What goes wrong there.
        beat: After which heartbeat, for a kind that is injected at one; else 0.
    """

    call: CallName
    kind: FaultKind
    beat: int = 0

    def covers(self, call: CallName) -> bool:
        """Whether it is injected at a call: its own, or a later one that its kind affects as well."""
        return self.kind.covers(self.call, call)

    def __str__(self) -> str:
        return f"{self.call}:{self.kind.name}" + (f"@{self.beat}" if self.beat else "")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The faults of one run; none for the run in which nothing goes wrong."""

    faults: tuple[PlannedFault, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, self.faults)) or "fault-free"

    def plus(self, fault: PlannedFault) -> Schedule:
        """Return this schedule with one fault more."""
        return replace(self, faults=(*self.faults, fault))

    def allows(self, fault: PlannedFault) -> bool:
        """Whether a further fault can be injected.

        A server takes one request to cancel, and bodies are held until one call has failed; a worker that is killed
        has a process of its own, where only faults that are armed from outside are injected.
        """
        asked = {one.call.workflow for one in self.faults if one.kind.cancels}
        if fault.kind.cancels and fault.call.workflow in asked:
            return False
        if fault.kind.holds and any(one.kind.holds for one in self.faults):
            return False
        kills = any(one.kind.kills for one in (*self.faults, fault))
        return not kills or all(isinstance(one.kind, ArmedKind) for one in (*self.faults, fault))

    def without(self, fault: PlannedFault) -> Schedule:
        """Return this schedule with one fault less."""
        return replace(self, faults=tuple(one for one in self.faults if one != fault))


FAULT_FREE = Schedule()


def parse(name: str) -> Schedule:
    """Return the schedule of that name, such as "charge#1:lost_last" or two such joined by a comma.

    Raises:
        UsageError: It is no such name; every problem at once.
    """
    if name == str(FAULT_FREE):
        return FAULT_FREE
    kinds = every_kind()
    faults, problems = [], []
    for text in name.split(","):
        read = _NAME.fullmatch(text.strip())
        if read is None:
            problems.append(
                f"{text!r} is not the name of a fault; write ACTIVITY#NTH:KIND, such as 'charge#1:lost_last'."
            )
        elif read["kind"] not in kinds:
            problems.append(f"{text!r}: {problem_with(read['kind'])}")
        elif kinds[read["kind"]].at_heartbeat != (read["beat"] is not None):
            at = "needs a heartbeat number" if kinds[read["kind"]].at_heartbeat else "takes no heartbeat number"
            problems.append(f"{text!r}: {read['kind']} {at}, such as 'import_file#1:interrupted@2'.")
        else:
            call = CallName(workflow=read["workflow"] or "", activity=read["activity"], nth=int(read["nth"]))
            faults.append(PlannedFault(call=call, kind=kinds[read["kind"]], beat=int(read["beat"] or 0)))
    if problems:
        raise UsageError(*problems)
    return Schedule(faults=tuple(faults))
