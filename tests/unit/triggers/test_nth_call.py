"""In force for the nth call alone."""

from __future__ import annotations

import asyncio

import pytest

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import HttpError, NthCall, Reset, UsageError
from harness.events import FaultArmed, FaultHealed
from harness.run.arming import armed
from harness.trigger import Bounds
from tests.unit.fake_testbed import RecordingSwitch, book, cancel, set_stage


async def test_no_other_call_is_hit() -> None:
    """Neither the one before nor the one after."""
    testbed = set_stage(Flights)
    async with armed({"f": HttpError(on=Flights.book, when=NthCall(n=2))}, testbed):
        answers = [(await book(testbed.fake(Flights), key)).status for key in "abc"]

    assert answers == [201, 503, 201]


async def test_it_is_healed_before_whatever_its_service_is_asked_next() -> None:
    """Also by a call of another operation, which a fault on the wire would meet."""
    testbed = set_stage(Flights, Hotels)
    async with armed({"f": HttpError(on=Flights.book, when=NthCall(n=1, of=Hotels.book))}, testbed):
        await book(testbed.fake(Hotels), "a")
        between = await book(testbed.fake(Flights), "a")
        await cancel(testbed.fake(Hotels), "a")
        after = await book(testbed.fake(Flights), "b")

    assert [between.status, after.status] == [503, 201]
    assert [type(one) for one in testbed.stream.events if isinstance(one, FaultArmed | FaultHealed)] == [
        FaultArmed,
        FaultHealed,
    ]


async def test_on_the_wire_it_waits_for_the_answer() -> None:
    """Others may arrive before that, and it would miss the answer; what comes afterwards heals it."""
    testbed, switch = set_stage(Flights), RecordingSwitch()
    flights = testbed.fake(Flights)
    trigger = NthCall(n=1, of=Flights.book)
    async with trigger.attach(testbed, on=Flights, switch=switch.switch):
        first = asyncio.create_task(book(flights, "a"))
        async with flights.holding(Flights.book):
            await book(flights, "b")
            meanwhile = [*switch.switched]
        await first
        await book(flights, "c")

    assert meanwhile == ["armed"]
    assert switch.switched == ["armed", "healed"]


def test_how_often_a_fault_must_fire() -> None:
    """Exactly once where the very calls are counted; the wire may carry more than one thing."""
    assert NthCall(n=2).bounds(Flights.book) == Bounds(at_least=1, at_most=1)
    assert NthCall(n=2, of=Flights.book).bounds(Reset(on=Flights).on) == Bounds(at_least=1)


@pytest.mark.parametrize("n", [0, -1])
def test_calls_are_counted_from_one(n: int) -> None:
    """There is no call before the first."""
    with pytest.raises(UsageError, match=f"NthCall: n must be >= 1, got {n}"):
        NthCall(n=n)
