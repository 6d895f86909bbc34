"""Requests to the services behind the fakes of a scenario: which an application makes, and where faults are armed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.events import CallAnswered, CallReceived
from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.evidence.evidence import Evidence
from harness.explore.kind import FaultSite
from harness.library_internals.workflow_definition import workflow_definition
from harness.scenario import Scenario
from harness.services.operation import Operation
from harness.services.service import FakeService, Service


def with_requests(evidence: Evidence, calls: Sequence[CallMade]) -> tuple[CallMade, ...]:
    """Return the calls of a run and the requests that it made, each after the call that made it.

    A request is named by its operation and its number. Of activities that go on at once, it cannot be told which one
    makes it: it is taken to come of the one that was called last, and to be given up when all of them are.
    """
    order = {(made.call.activity, made.call.nth): made.order for made in calls}
    unbounded = {made.call.activity for made in calls if not made.bounded}
    empty = {one.call for one in evidence.of(CallAnswered) if not one.has_body}
    counted: Counter[str] = Counter()
    placed: list[tuple[int, CallMade]] = [(made.order, made) for made in calls]
    for received, going_on in _asked(evidence):
        name = f"{received.service}.{received.operation}"
        counted[name] += 1
        request = CallMade(
            call=CallName(workflow="", activity=name, nth=counted[name]),
            order=0,
            bounded=not unbounded & {activity for activity, _ in going_on},
            place=CallPlace.REQUEST,
            has_answer_body=received.call not in empty,
        )
        placed.append((max((order.get(one, 0) for one in going_on), default=len(calls)), request))
    # Stable: what has one place stays in the order in which it came, the call before its requests.
    return tuple(replace(made, order=number) for number, (_, made) in enumerate(sorted(placed, key=lambda one: one[0])))


def _asked(evidence: Evidence) -> Iterator[tuple[CallReceived, set[tuple[str, int]]]]:
    """Yield each request with the calls that went on when it came, as activity and number: one of them has made it."""
    for received in evidence.of(CallReceived):
        going_on = (one for one in evidence.attempts if one.began <= received.at <= one.ended)
        yield received, {(one.activity, one.nth) for one in going_on}


def site_of(call: CallName, scenario: Scenario) -> FaultSite:
    """Return where the faults of a call are armed in a run of a scenario."""
    definitions = map(workflow_definition, scenario.application.workflows)
    started = (one.name for one in definitions if one.run_fn is scenario.workflow)
    return FaultSite(call=call, operations=operations(scenario.uses), started=next(started, None))


def undone_by(services: Sequence[type[Service]]) -> dict[str, frozenset[str]]:
    """Return the operations whose effects others take back, each with those others."""
    found: dict[str, frozenset[str]] = {}
    for one in operations(services).values():
        if one.undoes:
            name = f"{one.service}.{one.undoes}"
            found[name] = found.get(name, frozenset()) | {str(one)}
    return found


def operations(services: Sequence[type[Service]]) -> dict[str, Operation]:
    """Return what fakes can be asked to do, by names such as "flights.book"."""
    return {str(one): one for kind in services if issubclass(kind, FakeService) for one in kind.operations().values()}


def undoing_activities(evidence: Evidence, services: Sequence[type[Service]]) -> frozenset[tuple[str, str]]:
    """Return the activities during whose attempts a service was asked to take back what another call had done.

    Each with the operation that was asked for. Of activities that go on at once, it cannot be told which one asked: it
    may have been any of them.
    """
    undoes = frozenset().union(*undone_by(services).values())
    found: set[tuple[str, str]] = set()
    for call, going_on in _asked(evidence):
        name = f"{call.service}.{call.operation}"
        found |= {(activity, name) for activity, _ in going_on if name in undoes}
    return frozenset(found)
