"""In force from the nth call on, that call included."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import FromCall, HttpError, UsageError
from harness.run.arming import armed
from tests.unit.fake_testbed import book, cancel, set_stage


async def test_the_nth_call_is_the_first_to_be_hit() -> None:
    """Armed before it is served."""
    testbed = set_stage(Flights)
    async with armed({"f": HttpError(on=Flights.book, when=FromCall(n=2))}, testbed):
        answers = [(await book(testbed.fake(Flights), key)).status for key in "abc"]

    assert answers == [201, 503, 503]


async def test_calls_of_another_operation_may_be_counted() -> None:
    """The cancellation of the hotel arms a fault on the flight."""
    testbed = set_stage(Flights, Hotels)
    async with armed({"f": HttpError(on=Flights.book, when=FromCall(n=1, of=Hotels.cancel))}, testbed):
        before = await book(testbed.fake(Flights), "a")
        await book(testbed.fake(Hotels), "a")
        still = await book(testbed.fake(Flights), "b")
        await cancel(testbed.fake(Hotels), "a")
        after = await book(testbed.fake(Flights), "c")

    assert [before.status, still.status, after.status] == [201, 201, 503]


@pytest.mark.parametrize("n", [0, -1])
def test_calls_are_counted_from_one(n: int) -> None:
    """There is no call before the first."""
    with pytest.raises(UsageError, match=f"FromCall: n must be >= 1, got {n}"):
        FromCall(n=n)
