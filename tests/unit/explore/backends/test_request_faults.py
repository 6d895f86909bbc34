"""Requests to the services behind our fakes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes.flights import Flights
from harness.catalog import load_catalog
from harness.events import AttemptEnded, AttemptStarted, CallAnswered, CallReceived, Event
from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.evidence.evidence import Evidence
from harness.explore.backends.request_faults import site_of, undone_by, with_requests
from harness.explore.kind import RequestKind
from harness.explore.model.fault_kinds import every_kind
from harness.settings import find_project
from tests.unit.explore.made import NOON, made

SAGA = load_catalog(*find_project(Path(__file__).parent)).entries["saga/all_well"].scenario


@pytest.mark.parametrize("kind", [kind for kind in every_kind().values() if isinstance(kind, RequestKind)], ids=str)
def test_every_kind_is_a_fault_on_the_operation_or_on_its_service(kind: RequestKind) -> None:
    """With no settings that are wrong."""
    call = CallName(workflow="", activity="flights.book", nth=2)
    armed = kind.fault(site_of(call, SAGA))

    assert armed.on in {Flights.book, Flights}
    assert list(armed.problems()) == []


def asked(name: str, number: int, *, second: int) -> CallReceived:
    """A request for an operation of the flights."""
    return CallReceived(
        at=NOON + timedelta(seconds=second),
        service="flights",
        operation=name,
        call=f"flights.{name}#{number}",
        key=None,
        body=None,
    )


def attempt(activity: str, number: str, *, began: int, ended: int) -> list[Event]:
    """One attempt of a call."""
    said: dict[str, Any] = {"workflow_id": "w", "activity": activity, "activity_id": number, "attempt": 1}
    return [
        AttemptStarted(at=NOON + timedelta(seconds=began), **said),
        AttemptEnded(at=NOON + timedelta(seconds=ended), **said),
    ]


def found(events: list[Event], *calls: CallMade) -> list[CallMade]:
    """The calls and requests of a run."""
    return list(with_requests(Evidence(scenario="s", seed=0, events=tuple(events), histories=()), calls))


def test_it_is_known_which_requests_were_answered_without_a_body() -> None:
    """As the fake recorded it; a request that was not answered may well have one."""
    said: dict[str, Any] = {"at": NOON + timedelta(seconds=3), "status": 200}
    events: list[Event] = [
        asked("book", 1, second=1),
        asked("book", 2, second=1),
        asked("book", 3, second=2),
        CallAnswered(call="flights.book#1", has_body=False, **said),
        CallAnswered(call="flights.book#2", **said),
    ]

    assert [one.has_answer_body for one in found(events)] == [False, True, True]


def test_requests_come_after_the_call_that_made_them() -> None:
    """Numbered by their operation, in the order in which they came."""
    events = [
        *attempt("book", "1", began=0, ended=4),
        asked("book", 1, second=1),
        asked("cancel", 1, second=2),
        *attempt("pay", "2", began=5, ended=8),
        asked("book", 2, second=6),
    ]
    told = found(events, made("book", order=0), made("pay", order=1), made("rest", order=2))

    assert [str(one.call) for one in told] == [
        "book#1",
        "flights.book#1",
        "flights.cancel#1",
        "pay#1",
        "flights.book#2",
        "rest#1",
    ]
    assert [one.order for one in told] == [*range(6)]
    assert [one.place is CallPlace.REQUEST for one in told] == [False, True, True, False, True, False]


def test_a_request_is_given_up_when_the_activity_that_makes_it_is() -> None:
    """Of several that go on at once, when all are."""
    events = [*attempt("book", "1", began=0, ended=2), asked("book", 1, second=1), asked("book", 2, second=3)]

    assert [one.bounded for one in found(events, made("book", bounded=False))] == [False, False, True]
    assert [one.bounded for one in found(events, made("book", bounded=True))] == [True, True, True]


def test_what_takes_back_what_another_did() -> None:
    """As the fake declares it."""
    assert undone_by([Flights]) == {"flights.book": {"flights.cancel"}}
