"""In force from the nth call on, that call included."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import FromCall, HttpError, UsageError
from harness.arming import armed
from tests.unit.stagehands import book, cancel, set_stage


async def test_the_nth_call_is_the_first_to_be_hit() -> None:
    """Armed before it is served."""
    stage = set_stage(Flights)
    async with armed({"f": HttpError(on=Flights.book, when=FromCall(n=2))}, stage):
        answers = [(await book(stage.fake(Flights), key)).status for key in "abc"]

    assert answers == [201, 503, 503]


async def test_calls_of_another_operation_may_be_counted() -> None:
    """The cancellation of the hotel arms a fault on the flight."""
    stage = set_stage(Flights, Hotels)
    async with armed({"f": HttpError(on=Flights.book, when=FromCall(n=1, of=Hotels.cancel))}, stage):
        before = await book(stage.fake(Flights), "a")
        await book(stage.fake(Hotels), "a")
        still = await book(stage.fake(Flights), "b")
        await cancel(stage.fake(Hotels), "a")
        after = await book(stage.fake(Flights), "c")

    assert [before.status, still.status, after.status] == [201, 201, 503]


@pytest.mark.parametrize("n", [0, -1])
def test_calls_are_counted_from_one(n: int) -> None:
    """There is no call before the first."""
    with pytest.raises(UsageError, match=f"n={n} is no call"):
        FromCall(n=n)
