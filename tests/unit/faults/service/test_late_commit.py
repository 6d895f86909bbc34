"""The service does what it was asked only after something else has happened."""

from __future__ import annotations

import asyncio

from fakes.cars import Cars
from fakes.flights import Flights
from harness import LateCommit
from harness.events import EffectApplied, EffectRefused, FaultFired
from tests.unit.fake_testbed import book, cancel, set_stage, settle, told

LATE = LateCommit(on=Flights.book, after=Flights.cancel)


async def test_a_held_booking_commits_after_its_cancellation() -> None:
    """The race between a straggler and its compensation, lost every time: the tombstone refuses it."""
    testbed = set_stage(Flights)
    async with LATE.arm(testbed, name="f"):
        booking = asyncio.create_task(book(testbed.fake(Flights)))
        await settle()
        while_held = (booking.done(), len(told(testbed, EffectApplied)))
        await cancel(testbed.fake(Flights))
        answer = await booking

    assert while_held == (False, 0)
    assert answer.status == 409
    assert len(told(testbed, EffectRefused)) == 1
    assert [event.what for event in testbed.stream.events if isinstance(event, FaultFired)] == ["committed late: 409"]


async def test_the_other_operation_may_be_another_fake_s() -> None:
    """Whatever it is that the commit comes after."""
    testbed = set_stage(Flights, Cars)
    async with LateCommit(on=Flights.book, after=Cars.book).arm(testbed, name="f"):
        booking = asyncio.create_task(book(testbed.fake(Flights)))
        await settle()
        await book(testbed.fake(Cars))

        assert (await booking).status == 201


async def test_a_call_that_comes_afterwards_is_not_held_and_no_firing() -> None:
    """It commits at once: nothing about it is late."""
    testbed = set_stage(Flights)
    async with LATE.arm(testbed, name="f"):
        await cancel(testbed.fake(Flights), "another")
        await book(testbed.fake(Flights))

    assert told(testbed, FaultFired) == []


async def test_healing_lets_held_calls_go() -> None:
    """A compensation that never comes does not hang the run."""
    testbed = set_stage(Flights)
    async with LATE.arm(testbed, name="f"):
        booking = asyncio.create_task(book(testbed.fake(Flights)))
        await settle()

    assert (await booking).status == 201


def test_waiting_for_itself_is_refused() -> None:
    """A call that is held until it was served itself would be held for ever."""
    assert list(LateCommit(on=Flights.book, after=Flights.book).problems()) == [
        "after must be another operation than flights.book, which would wait for itself."
    ]
    assert list(LATE.problems()) == []
