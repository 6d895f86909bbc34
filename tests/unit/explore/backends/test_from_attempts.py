"""What the attempts in a worker process say of a run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.flights import Flights
from harness.events import AttemptEnded, AttemptStarted, CallReceived, Event
from harness.evidence.calls import CallPlace
from harness.evidence.evidence import Evidence
from harness.evidence.schedule_events import Effect, Noted
from harness.explore.backends.from_attempts import calls_of_attempts, effects_of_attempts
from harness.explore.backends.request_faults import undoing_activities, with_requests

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def attempt(activity: str, number: str, *, began: float, ended: float, errors: tuple[str, ...] = ()) -> list[Event]:
    """One attempt of a call."""
    known: dict[str, Any] = {"workflow_id": "w", "activity": activity, "activity_id": number, "attempt": 1}
    return [AttemptStarted(at=at(began), **known), AttemptEnded(at=at(ended), errors=errors, **known)]


def recorded(*events: Event) -> Evidence:
    """Evidence of a run."""
    return Evidence(scenario="s", seed=0, events=events, histories=())


def test_calls_come_in_the_order_in_which_they_were_begun_and_bodies_that_failed_did_nothing() -> None:
    """Each attempt is a line of the timeline."""
    evidence = recorded(
        *attempt("book", "1", began=0, ended=1),
        *attempt("pay", "2", began=2, ended=3, errors=("E: no",)),
        *attempt("book", "3", began=4, ended=5),
    )
    events = list(effects_of_attempts(evidence))

    assert [str(one.call) for one in calls_of_attempts(evidence)] == ["book#1", "pay#1", "book#2"]
    assert [str(one.call) for one in events if isinstance(one, Effect)] == ["book#1", "book#2"]
    assert "pay attempt 1 failed: E: no" in [one.what for one in events if isinstance(one, Noted)]


def test_requests_come_after_the_calls_that_made_them() -> None:
    """As far as that can be known."""
    request = CallReceived(at=at(0.5), service="flights", operation="book", call="flights.book#1", key="k", body=None)
    evidence = recorded(*attempt("book", "1", began=0, ended=1), *attempt("pay", "2", began=2, ended=3), request)
    calls = with_requests(evidence, calls_of_attempts(evidence))

    assert [(str(one.call), one.place is CallPlace.REQUEST) for one in calls] == [
        ("book#1", False),
        ("flights.book#1", True),
        ("pay#1", False),
    ]


def test_an_activity_that_asks_for_an_undo_is_known_to_undo() -> None:
    """By when it asked; what went on at the same time may have asked, too."""
    asked = CallReceived(at=at(4.5), service="flights", operation="cancel", call="c", key="k", body=None)
    evidence = recorded(
        *attempt("book", "1", began=0, ended=1),
        *attempt("cancel", "2", began=4, ended=5),
        *attempt("tell", "3", began=4.2, ended=6),
        asked,
    )

    assert undoing_activities(evidence, [Flights]) == {("cancel", "flights.cancel"), ("tell", "flights.cancel")}
