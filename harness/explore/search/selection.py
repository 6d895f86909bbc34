"""Which schedules are tried, of all that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from harness.evidence.calls import CallMade, CallPlace
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.search.fault_points import most_telling_first
from harness.explore.search.judge import Judged
from harness.explore.search.shrink import size


def extended(
    without: ExploredRun,
    frontier: Iterable[Judged],
    *,
    faults_of: Callable[[Iterable[CallMade]], list[PlannedFault]],
    first: int | None,
) -> list[Schedule]:
    """Return what a further fault can follow: schedules that held, one for each way the run then took.

    In a run that took the way of the fault-free one, a second fault does what a single fault does there.

    Args:
        without: The run without any fault.
        frontier: What was run last.
        faults_of: Returns the faults that can be injected at calls.
        first: As of `chosen`.
    """
    ways: dict[tuple[str, ...], list[Judged]] = {}
    for one in sorted(frontier, key=lambda judged: size(judged.schedule)):
        if one.verdict == 0 and not one.excused and one.run.shape != without.shape:
            ways.setdefault(one.run.shape, []).append(one)
    longer: dict[Schedule, None] = {}
    for mildest, *others in ways.values():
        further = [*_after(mildest, faults_of)]
        longer |= _followed(mildest, [one for one in further if mildest.schedule.allows(one)], first=first)
        # What the mildest does not allow, such as a kill, follows the mildest that does.
        left = [one for one in further if not mildest.schedule.allows(one)]
        for other in others:
            allowed = [one for one in _after(other, faults_of) if one in left and other.schedule.allows(one)]
            left = [one for one in left if one not in allowed]
            longer |= _followed(other, allowed, first=first)
    return list(longer)


def _after(judged: Judged, faults_of: Callable[[Iterable[CallMade]], list[PlannedFault]]) -> Iterator[PlannedFault]:
    """Yield the faults that can be injected at what a run did after its own faults."""
    last = max(_order_of(judged.run, fault) for fault in judged.schedule.faults)
    yield from faults_of(made for made in judged.run.calls if made.order > last)


def _followed(judged: Judged, faults: Iterable[PlannedFault], *, first: int | None) -> dict[Schedule, None]:
    plus = [judged.schedule.plus(fault) for fault in most_telling_first(faults)]
    return dict.fromkeys(chosen(plus, judged.run.calls, first=first))


def chosen(schedules: Iterable[Schedule], calls: Iterable[CallMade], *, first: int | None) -> list[Schedule]:
    """Return the schedules whose last fault is at one of the first calls of its kind, or at the last one.

    Args:
        schedules: Of one fault or more.
        calls: Of the run in which they were seen.
        first: How many are the first; None for all.
    """
    if first is None:
        return [*schedules]
    last: dict[tuple[str, str], int] = {}
    events = {made.call for made in calls if made.place is CallPlace.EVENT}
    for made in calls:
        key = made.call.workflow, made.call.activity
        last[key] = max(made.call.nth, last.get(key, 0))
    places = ((one, one.faults[-1].call) for one in schedules)
    return [
        one
        for one, call in places
        if call in events or call.nth <= first or call.nth == last.get((call.workflow, call.activity))
    ]


def _order_of(run: ExploredRun, fault: PlannedFault) -> int:
    return next((made.order for made in run.calls if made.call == fault.call), 0)
