"""Requests to the services behind our fakes: which an application makes, and what can go wrong with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from harness.call import Operation
from harness.errors import UsageError, unknown
from harness.events import AttemptEnded, AttemptStarted, CallReceived
from harness.evidence import Evidence
from harness.explore.explored import CallMade
from harness.explore.schedule import Call, PlannedFault
from harness.fault import Fault
from harness.faults.network.latency import Latency
from harness.faults.network.outage import Outage
from harness.faults.network.reset import Reset
from harness.faults.service.garbled_body import GarbledBody
from harness.faults.service.http_error import HttpError
from harness.faults.service.lost_reply import LostReply
from harness.scenario import Scenario
from harness.service import FakeService, Service
from harness.triggers.from_call import FromCall
from harness.triggers.nth_call import NthCall

REFUSED = 400
"""What a service answers that refuses for good."""

LATE = timedelta(seconds=6)
"""By how much an answer is late: by more than the 5 s that httpx waits unless it is told otherwise."""

WAITS = "1"
"""How many seconds a service tells a caller to wait that it has heard too often from; the least there is."""


def requests_made(evidence: Evidence, *, after: int) -> Iterator[CallMade]:
    """Yield the requests that were made, each named by its operation and its number.

    Args:
        evidence: Of the run.
        after: How many other calls there were; requests are numbered from there.
    """
    counted: Counter[str] = Counter()
    for order, received in enumerate(evidence.of(CallReceived), start=after):
        name = f"{received.service}.{received.operation}"
        counted[name] += 1
        yield CallMade(call=Call(workflow="", activity=name, nth=counted[name]), order=order, request=True)


def fault_at(planned: PlannedFault, scenario: Scenario) -> Fault:
    """Return the fault that strikes at a request.

    Raises:
        UsageError: The scenario's fakes know no such operation.
    """
    on = _operation(planned.call.activity, scenario)
    owner = on.owner
    assert owner is not None  # noqa: S101 - it was read from its fake
    once = NthCall(n=planned.call.nth, of=on)
    made: Mapping[str, Callable[[], Fault]] = {
        "lost-reply": lambda: LostReply(on=on, when=once),
        "latency": lambda: Latency(on=owner, when=once, delay=LATE),
        "garbled-body": lambda: GarbledBody(on=on, when=once),
        "http-error": lambda: HttpError(on=on, when=once),
        "rate-limit": lambda: HttpError(on=on, when=once, status=429, headers={"Retry-After": WAITS}),
        "refused": lambda: HttpError(on=on, when=once, status=REFUSED),
        "unavailable": lambda: HttpError(on=on, when=FromCall(n=planned.call.nth)),
        "reset": lambda: Reset(on=owner, when=once),
        "outage": lambda: Outage(on=owner, when=FromCall(n=planned.call.nth, of=on)),
    }
    return made[planned.kind.name]()


def undoing(services: Sequence[type[Service]]) -> frozenset[str]:
    """Return the operations that take back what others did."""
    return frozenset(str(one) for one in operations(services).values() if one.undoes)


def operations(services: Sequence[type[Service]]) -> dict[str, Operation]:
    """Return what fakes can be asked to do, by names such as "flights.book"."""
    return {str(one): one for kind in services if issubclass(kind, FakeService) for one in kind.operations().values()}


def undoing_activities(evidence: Evidence, services: Sequence[type[Service]]) -> Iterator[str]:
    """Yield the activities during whose attempts a service was asked to take back what another call had done.

    Of activities that go on at once, it cannot be told which one asked: each of them is yielded.
    """
    undoes = undoing(services)
    asked = [one.at for one in evidence.of(CallReceived) if f"{one.service}.{one.operation}" in undoes]
    ended = {(one.workflow_id, one.activity_id, one.attempt): one.at for one in evidence.of(AttemptEnded)}
    for began in evidence.of(AttemptStarted):
        end = ended.get((began.workflow_id, began.activity_id, began.attempt), datetime.max.replace(tzinfo=UTC))
        if any(began.at <= at <= end for at in asked):
            yield began.activity


def _operation(name: str, scenario: Scenario) -> Operation:
    known = operations(scenario.uses)
    if name not in known:
        raise UsageError(unknown("request", name, known))
    return known[name]
