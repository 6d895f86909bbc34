"""The service does what it was asked, and its answer never arrives."""

from __future__ import annotations

from fakes.flights import Flights
from harness import LostReply
from harness.events import CallAnswered, CallUnanswered, EffectApplied
from tests.unit.stagehands import book, set_stage, told


async def test_the_effect_is_committed_and_the_connection_cut() -> None:
    """Done but unanswered: the journal has the effect, and why there was no answer."""
    stage = set_stage(Flights)
    async with LostReply(on=Flights.book).arm(stage, name="f"):
        answer = await book(stage.fake(Flights))

    assert answer.status is None
    assert len(told(stage, EffectApplied)) == 1
    assert told(stage, CallAnswered) == []
    assert [event.why for event in stage.stream.events if isinstance(event, CallUnanswered)] == [
        "the answer 201 was lost"
    ]


async def test_a_repeated_booking_finds_what_was_committed() -> None:
    """The retry after a lost answer is answered with the first booking."""
    stage = set_stage(Flights)
    async with LostReply(on=Flights.book).arm(stage, name="f"):
        await book(stage.fake(Flights))
    retried = await book(stage.fake(Flights))

    assert retried.status == 200
    assert len(told(stage, EffectApplied)) == 1
