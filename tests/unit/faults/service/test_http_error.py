"""The service answers with an error instead of doing what it was asked."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import HttpError
from harness.events import CallReceived, EffectApplied
from tests.unit.fake_testbed import book, set_stage, told


async def test_the_error_is_answered_and_nothing_is_done() -> None:
    """Status, headers and body as declared; the call is in the journal, its effect is not."""
    testbed = set_stage(Flights)
    fault = HttpError(on=Flights.book, status=429, headers={"Retry-After": "2"}, body={"wait": True})
    async with fault.arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert (answer.status, answer.headers["retry-after"], answer.body) == (429, "2", {"wait": True})
    assert len(told(testbed, CallReceived)) == 1
    assert told(testbed, EffectApplied) == []


async def test_without_a_body_the_answer_names_the_status() -> None:
    """A reader of the application's log sees that it was the fault."""
    testbed = set_stage(Flights)
    async with HttpError(on=Flights.book, status=500).arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert answer.body == {"error": "fault: 500"}


@pytest.mark.parametrize(("status", "wrong"), [(200, True), (399, True), (400, False), (599, False), (600, True)])
def test_only_errors_are_errors(status: int, wrong: bool) -> None:  # noqa: FBT001 - a column of the table
    """400 to 599; another status would be another fault."""
    assert bool(list(HttpError(on=Flights.book, status=status).problems())) is wrong
