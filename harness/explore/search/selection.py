"""Which schedules are tried, of all that there are."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Sequence

from harness.errors import UsageError, unknown
from harness.events import WorkflowTaskStuck
from harness.evidence.calls import CallMade, CallPlace
from harness.evidence.schedule_events import DriverFailed
from harness.explore.inject.cancellation import EVENT
from harness.explore.inject.deliveries import SIGNAL, UPDATE
from harness.explore.inject.workflow_runner import TIMER
from harness.explore.kind import FaultKind
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.fault_kinds import every_kind
from harness.explore.model.not_tried import effects_unjudged
from harness.explore.model.schedule import PlannedFault, Schedule
from harness.explore.model.target import Target
from harness.explore.search.fault_points import most_telling_first
from harness.explore.search.judge import Judged
from harness.explore.search.shrink import size
from harness.library_internals.activity_definition import ANY_TYPE, activity_name
from harness.library_internals.workflow_definition import workflow_definition
from harness.temporal.search_attributes import undeclared


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


ACTIVITY_PLACES = frozenset({CallPlace.ACTIVITY, CallPlace.LOCAL_ACTIVITY})


def refuse_unmatched(target: Target, run: ExploredRun, *, only: Sequence[Schedule]) -> None:
    """Refuse what is said of `unmatched_names`.

    Raises:
        UsageError: There is something.
    """
    problems = [*unmatched_names(target, run, only=only)]
    if problems:
        raise UsageError(*problems)


def remark_on(target: Target, run: ExploredRun) -> str:
    """Return what the closing line of an exploration says besides its verdict; "" where effects are judged.

    Args:
        target: The application.
        run: The run without any fault.
    """
    reads = frozenset(map(activity_name, target.reads))
    return "" if target.invariants else effects_unjudged(one for one in run.activities or () if one not in reads)


def unmatched_names(target: Target, run: ExploredRun, *, only: Sequence[Schedule]) -> Iterator[str]:
    """Say what the target does not declare that it needs, and which names match no call that a run can make.

    Args:
        target: The application; `without` is its own.
        run: The run without any fault.
        only: The schedules that are to be run.
    """
    failures = [
        *(one.what for one in run.evidence.of(DriverFailed)),
        *(one.message for one in run.evidence.of(WorkflowTaskStuck)),
    ]
    yield from dict.fromkeys(filter(None, map(undeclared, failures)))
    places = _places(target, run)
    if places is None:
        return
    callers = _callers(target, run)
    for fault in dict.fromkeys(one for schedule in only for one in schedule.faults):
        if fault.call.workflow not in callers:
            yield (
                f"--only {fault}: {unknown('calling workflow', fault.call.workflow, callers - {''})} "
                "Calls of the workflow that the target starts have no prefix."
            )
            continue
        name = fault.call.activity
        if name not in places:
            yield f"--only {fault}: {unknown('call', name, places)}"
        elif not places[name] & fault.kind.places:
            yield f"--only {fault}: {_elsewhere(name, places[name], [fault.kind])}"
    for pattern in target.without:
        call, _, kind = pattern.rpartition(":")
        kinds = [every_kind()[one] for one in fnmatch.filter(every_kind(), kind.partition("@")[0])]
        names = [name for name in places if _names(call, name, callers)]
        if not names:
            yield f"{pattern!r} in `without`: {unknown('call', call.partition('#')[0], places)}"
        elif kinds and not any(places[name] & one.places for name in names for one in kinds):
            found = frozenset().union(*(places[name] for name in names))
            yield f"{pattern!r} in `without`: {_elsewhere(' and '.join(names), found, kinds)}"


def _places(target: Target, run: ExploredRun) -> dict[str, frozenset[CallPlace]] | None:
    """Return the names that calls can have, with what kinds of calls they are; None where any name is possible."""
    places: dict[str, frozenset[CallPlace]] = {}

    def add(name: str, *found: CallPlace) -> None:
        places[name] = places.get(name, frozenset()).union(found)

    if run.activities is None or ANY_TYPE in run.activities:
        return None
    for made in run.calls:
        add(made.call.activity, made.place)
    add(TIMER, CallPlace.TIMER)
    add(EVENT, CallPlace.EVENT)
    for request in target.request_names:
        add(request, CallPlace.REQUEST)
    for activity in run.activities:
        add(activity, *ACTIVITY_PLACES)
    for definition in map(workflow_definition, target.workflows):
        if None in {definition.name, *definition.signals, *definition.updates}:
            return None
        add(str(definition.name), CallPlace.CHILD)
        for name in definition.signals:
            add(f"{SIGNAL}{name}", CallPlace.SIGNAL)
        for name in definition.updates:
            add(f"{UPDATE}{name}", CallPlace.SIGNAL)
    return places


def _callers(target: Target, run: ExploredRun) -> frozenset[str]:
    """Return the workflows that can make calls, as names of calls begin with them."""
    defined = {str(one.name) for one in map(workflow_definition, target.workflows)}
    started = {one.name for one in map(workflow_definition, target.workflows) if one.run_fn is target.workflow}
    children = {made.call.activity for made in run.calls if made.place is CallPlace.CHILD}
    return frozenset({made.call.workflow for made in run.calls} | (defined - started) | children | {""})


def _names(call: str, name: str, callers: Iterable[str]) -> bool:
    """Whether the part of a pattern before its kind matches a call of that name."""
    part, number, _ = call.rpartition("#")
    for workflow in callers:
        whole = f"{workflow}/{name}" if workflow else name
        if (
            fnmatch.fnmatchcase(whole, part)
            if number
            else any(fnmatch.fnmatchcase(f"{whole}#{nth}", call) for nth in range(1, 10))
        ):
            return True
    return False


def _elsewhere(name: str, places: Iterable[CallPlace], kinds: Sequence[FaultKind]) -> str:
    possible = [one.name for one in every_kind().values() if one.places & frozenset(places)]
    what = " or ".join(sorted(places))
    return (
        f"{' and '.join(one.name for one in kinds)} cannot be injected at {name} ({what}). "
        f"Available there: {', '.join(possible) or 'no kind'}."
    )
