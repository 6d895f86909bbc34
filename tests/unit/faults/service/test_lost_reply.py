"""The service does what it was asked, and its answer never arrives."""

from __future__ import annotations

from fakes.flights import Flights
from harness import LostReply
from harness.events import CallAnswered, CallUnanswered, EffectApplied
from tests.unit.fake_testbed import book, set_stage, told


async def test_the_effect_is_committed_and_the_connection_cut() -> None:
    """Done but unanswered: the journal has the effect, and why there was no answer."""
    testbed = set_stage(Flights)
    async with LostReply(on=Flights.book).arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert answer.status is None
    assert len(told(testbed, EffectApplied)) == 1
    assert told(testbed, CallAnswered) == []
    assert [event.why for event in testbed.stream.events if isinstance(event, CallUnanswered)] == [
        "the answer 201 was lost"
    ]


async def test_a_repeated_booking_finds_what_was_committed() -> None:
    """The retry after a lost answer is answered with the first booking."""
    testbed = set_stage(Flights)
    async with LostReply(on=Flights.book).arm(testbed, name="f"):
        await book(testbed.fake(Flights))
    retried = await book(testbed.fake(Flights))

    assert retried.status == 200
    assert len(told(testbed, EffectApplied)) == 1
