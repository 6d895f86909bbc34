"""Which schedules are tried, of all that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.explore.explored import CallMade, ExploredRun
from harness.explore.faults_at import most_telling_first
from harness.explore.judged import Judged
from harness.explore.schedule import PlannedFault, Schedule
from harness.explore.shrink import size


def extended(
    without: ExploredRun,
    frontier: Iterable[Judged],
    *,
    faults_of: Callable[[Iterable[CallMade]], list[PlannedFault]],
    first: int | None,
) -> list[Schedule]:
    """Return what a further fault can follow: schedules that held, one for each way the run then took.

    A run that took the way of the fault-free one has met nothing that a single fault later on does not meet.

    Args:
        without: The run without any fault.
        frontier: What was performed last.
        faults_of: Returns the faults that can meet calls.
        first: As of `chosen`.
    """
    ways: dict[tuple[str, ...], Judged] = {}
    for one in sorted(frontier, key=lambda judged: size(judged.schedule)):
        if one.verdict == 0 and not one.apart and one.run.shape != without.shape:
            ways.setdefault(one.run.shape, one)
    longer: dict[Schedule, None] = {}
    for one in ways.values():
        last = max(_order_of(one.run, fault) for fault in one.schedule.faults)
        later = [made for made in one.run.calls if made.order > last]
        further = [fault for fault in faults_of(later) if one.schedule.allows(fault)]
        plus = [one.schedule.plus(fault) for fault in most_telling_first(further)]
        longer |= dict.fromkeys(chosen(plus, one.run.calls, first=first))
    return list(longer)


def chosen(schedules: Iterable[Schedule], calls: Iterable[CallMade], *, first: int | None) -> list[Schedule]:
    """Return the schedules whose last fault meets one of the first calls of its kind, or the last one.

    Args:
        schedules: Of one fault or more.
        calls: Of the run in which they were seen.
        first: How many are the first; None for all.
    """
    if first is None:
        return [*schedules]
    last: dict[tuple[str, str], int] = {}
    events = {made.call for made in calls if made.event}
    for made in calls:
        key = made.call.workflow, made.call.activity
        last[key] = max(made.call.nth, last.get(key, 0))
    met = ((one, one.faults[-1].call) for one in schedules)
    return [
        one
        for one, call in met
        if call in events or call.nth <= first or call.nth == last.get((call.workflow, call.activity))
    ]


def _order_of(run: ExploredRun, fault: PlannedFault) -> int:
    return next((made.order for made in run.calls if made.call == fault.call), 0)
