"""Requests to the services behind our fakes: which an application makes, and what can go wrong with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from harness.events import CallReceived
from harness.evidence.evidence import Evidence
from harness.explore.backends.only_nth_call import AtCall
from harness.explore.backends.slow import Slow
from harness.explore.calls import Call, CallMade
from harness.explore.model.schedule import PlannedFault
from harness.fault import Fault, ServiceFault
from harness.faults.network.outage import Outage
from harness.faults.network.reset import Reset
from harness.faults.service.garbled_body import GarbledBody
from harness.faults.service.http_error import HttpError
from harness.faults.service.lost_reply import LostReply
from harness.scenario import Scenario
from harness.services.operation import Operation
from harness.services.service import FakeService, Service
from harness.triggers.from_call import FromCall
from harness.triggers.nth_call import NthCall

REFUSED = 400
"""What a service answers that refuses for good."""

LATE = timedelta(seconds=6)
"""By how much an answer is late: by more than the 5 s that httpx waits unless it is told otherwise."""

WAITS = "1"
"""How many seconds a service tells a caller to wait that it has heard too often from; the least there is."""


def with_requests(evidence: Evidence, calls: Sequence[CallMade]) -> tuple[CallMade, ...]:
    """Return the calls of a run and the requests that it made, each after the call that made it.

    A request is named by its operation and its number. Of activities that go on at once, it cannot be told which one
    makes it: it is taken to come of the one that was called last, and to be given up when all of them are.
    """
    order = {(made.call.activity, made.call.nth): made.order for made in calls}
    unbounded = {made.call.activity for made in calls if not made.bounded}
    counted: Counter[str] = Counter()
    placed: list[tuple[int, CallMade]] = [(made.order, made) for made in calls]
    for received, going_on in _asked(evidence):
        name = f"{received.service}.{received.operation}"
        counted[name] += 1
        request = CallMade(
            call=Call(workflow="", activity=name, nth=counted[name]),
            order=0,
            bounded=not unbounded & {activity for activity, _ in going_on},
            request=True,
        )
        placed.append((max((order.get(one, 0) for one in going_on), default=len(calls)), request))
    # Stable: what has one place stays in the order in which it came, the call before its requests.
    return tuple(replace(made, order=number) for number, (_, made) in enumerate(sorted(placed, key=lambda one: one[0])))


def _asked(evidence: Evidence) -> Iterator[tuple[CallReceived, set[tuple[str, int]]]]:
    """Yield each request with the calls that went on when it came, as activity and number: one of them has made it."""
    for received in evidence.of(CallReceived):
        going_on = (one for one in evidence.attempts if one.began <= received.at <= one.ended)
        yield received, {(one.activity, one.nth) for one in going_on}


def fault_at(planned: PlannedFault, scenario: Scenario) -> Fault:
    """Return the fault that strikes at a request, which must be one for an operation of the scenario's fakes."""
    on = operations(scenario.uses)[planned.call.activity]
    owner = on.owner
    assert owner is not None  # noqa: S101 - it was read from its fake
    nth = planned.call.nth
    at_once: Mapping[str, ServiceFault] = {
        "lost_reply": LostReply(on=on),
        "late_reply": Slow(on=on, delay=LATE),
        "garbled_body": GarbledBody(on=on),
        "http_503": HttpError(on=on),
        "http_429": HttpError(on=on, status=429, headers={"Retry-After": WAITS}),
        "http_400": HttpError(on=on, status=REFUSED),
    }
    if planned.kind.name in at_once:
        return AtCall(on=on, number=nth, fault=at_once[planned.kind.name])
    others: Mapping[str, Fault] = {
        "unavailable": HttpError(on=on, when=FromCall(n=nth)),
        "reset": Reset(on=owner, when=NthCall(n=nth, of=on)),
        "outage": Outage(on=owner, when=FromCall(n=nth, of=on)),
    }
    return others[planned.kind.name]


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
