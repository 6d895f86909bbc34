"""In force for the first n calls."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import FirstCalls, HttpError, UsageError
from harness.run.arming import armed
from harness.trigger import Bounds
from tests.unit.fake_testbed import book, cancel, set_stage


async def statuses(when: FirstCalls, calls: int) -> list[int | None]:
    """What the first calls of flights.book are answered, of two calls at a time one at hotels."""
    testbed = set_stage(Flights, Hotels)
    answers = []
    async with armed({"f": HttpError(on=Flights.book, when=when)}, testbed):
        for number in range(calls):
            await book(testbed.fake(Hotels), str(number))
            answers.append((await book(testbed.fake(Flights), str(number))).status)
    return answers


async def test_the_call_behind_the_last_is_served() -> None:
    """Healed before it, not after it."""
    assert await statuses(FirstCalls(n=2), 4) == [503, 503, 201, 201]


async def test_calls_of_another_operation_may_be_counted() -> None:
    """The hotel is called before each flight, so its third call heals before the third flight."""
    assert await statuses(FirstCalls(n=2, of=Hotels.book), 4) == [503, 503, 201, 201]


async def test_only_its_own_target_is_counted() -> None:
    """A call of another operation of the same fake does not use it up."""
    testbed = set_stage(Flights)
    async with armed({"f": HttpError(on=Flights.book, when=FirstCalls(n=1))}, testbed):
        await cancel(testbed.fake(Flights), "other")
        hit = await book(testbed.fake(Flights), "a")
        spared = await book(testbed.fake(Flights), "b")

    assert (hit.status, spared.status) == (503, 201)


def test_it_must_fire_exactly_so_often_where_calls_and_target_are_one() -> None:
    """Elsewhere, how often it meets the target is not for the trigger to say."""
    assert FirstCalls(n=2).bounds(Flights.book) == Bounds(at_least=2, at_most=2)
    assert FirstCalls(n=2, of=Flights.book).bounds(Flights.book) == Bounds(at_least=2, at_most=2)
    assert FirstCalls(n=2, of=Flights.cancel).bounds(Flights.book) == Bounds()
    assert FirstCalls(n=2, of=Hotels.book).bounds(Flights.book) == Bounds()
    assert FirstCalls(n=2).bounds(Flights) == Bounds()


@pytest.mark.parametrize("n", [0, -1])
def test_no_calls_are_refused(n: int) -> None:
    """A fault for no calls is none."""
    with pytest.raises(UsageError, match=f"FirstCalls: n must be >= 1, got {n}"):
        FirstCalls(n=n)
