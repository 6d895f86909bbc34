"""A fake that runs by hand is programmed over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.flights import Flights
from harness import FirstCalls, HttpError, LateCommit, RateLimit, UsageError, Window
from harness.run.manual_fake import RemoteControl, read_fault
from tests.unit.fake_testbed import ask, book


def by_hand() -> Flights:
    """A fake as `python -m fakes` runs it."""
    return Flights(control=lambda service: RemoteControl(service).routes())


def test_a_fault_is_read_by_its_kind_and_settings() -> None:
    """Operations, triggers and durations in words."""
    wanted = {
        "kind": "http_error",
        "on": "book",
        "status": 429,
        "headers": {"Retry-After": "1"},
        "when": {"kind": "first_calls", "n": 2},
    }

    assert read_fault(wanted, Flights) == HttpError(
        on=Flights.book, status=429, headers={"Retry-After": "1"}, when=FirstCalls(n=2)
    )
    assert read_fault({"kind": "late_commit", "on": "book", "after": "cancel"}, Flights) == LateCommit(
        on=Flights.book, after=Flights.cancel
    )
    assert read_fault({"kind": "rate_limit", "on": "book", "limit": "2/second"}, Flights) == RateLimit(
        on=Flights.book, limit="2/second"
    )


def test_triggers_hold_triggers() -> None:
    """A window is read with what opens and what closes it."""
    window = {"kind": "window", "opens": {"kind": "from_call", "n": 2}, "closes": {"kind": "from_call", "n": 3}}
    fault = read_fault({"kind": "http_error", "on": "book", "when": window}, Flights)

    assert isinstance(fault.when, Window)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], 'expected an object with a "kind"'),
        ({}, 'expected an object with a "kind"'),
        ({"kind": 5}, 'expected an object with a "kind"'),
        ({"kind": "http_eror", "on": "book"}, "unknown kind in faults.service 'http_eror'. Did you mean 'http_error'?"),
        ({"kind": "http_error", "on": "boook"}, "unknown operation 'boook'. Did you mean 'book'?"),
        ({"kind": "http_error", "on": "book", "statuss": 1}, "unknown setting of http_error 'statuss'"),
        ({"kind": "http_error", "on": "book", "status": "bad"}, "status: Input should be a valid integer"),
        ({"kind": "http_error", "on": "book", "status": 200}, "status must be 400 to 599, got 200"),
        ({"kind": "http_error", "on": ["book"]}, "unknown operation"),
        ({"kind": "late_commit", "on": "book"}, "after"),
        (
            {"kind": "http_error", "on": "book", "when": {"kind": "first_calls", "n": 0}},
            "FirstCalls: n must be >= 1, got 0",
        ),
        ({"kind": "http_error", "on": "book", "when": "always"}, 'expected an object with a "kind"'),
        ({"kind": "outage", "on": "book"}, "unknown kind in faults.service 'outage'"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(wrong: Any, said: str) -> None:
    """With what is possible."""
    with pytest.raises(UsageError) as refused:
        read_fault(wrong, Flights)

    assert said in str(refused.value)


async def test_a_fault_is_armed_listed_and_healed() -> None:
    """From another process, by its name."""
    flights = by_hand()
    armed = await ask(flights, "POST /_fake/faults", body={"kind": "http_error", "on": "book"})
    again = await ask(flights, "POST /_fake/faults", body={"kind": "http_error", "on": "book", "status": 500})
    hit = await book(flights)
    listed = await ask(flights, "GET /_fake/faults")
    healed = await ask(flights, "DELETE /_fake/faults/http_error@flights.book")
    rest = await ask(flights, "DELETE /_fake/faults")
    served = await book(flights)

    assert (armed.status, armed.body) == (201, {"name": "http_error@flights.book"})
    assert again.body == {"name": "http_error@flights.book~2"}
    assert hit.status == 503
    assert list(listed.body) == ["http_error@flights.book", "http_error@flights.book~2"]
    assert (healed.status, rest.status, served.status) == (204, 204, 201)


async def test_bad_requests_are_refused_with_what_is_wrong() -> None:
    """No traceback, and no 500."""
    flights = by_hand()
    garbled = await ask(flights, "POST /_fake/faults", raw=b"{")
    unknown = await ask(flights, "POST /_fake/faults", body={"kind": "?"})
    missing = await ask(flights, "DELETE /_fake/faults/nothing")

    assert (garbled.status, unknown.status, missing.status) == (400, 400, 404)
    assert "is not JSON" in garbled.body["error"]
    assert "unknown armed fault 'nothing'" in missing.body["error"]


async def test_the_journal_is_read_and_forgotten() -> None:
    """Calls and effects, as the run folder has them; forgetting keeps what is armed."""
    flights = by_hand()
    await book(flights)
    journal = await ask(flights, "GET /_fake/journal")
    await ask(flights, "DELETE /_fake/journal")
    empty = await ask(flights, "GET /_fake/journal")

    assert [event["event"] for event in journal.body] == ["CallReceived", "EffectApplied", "CallAnswered"]
    assert empty.body == []
