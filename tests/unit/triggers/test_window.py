"""In force from one trigger's moment to another's."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AtStart, FirstCalls, FromCall, HttpError, Trigger, Window
from harness.run.arming import armed
from tests.unit.fake_testbed import book, set_stage


@pytest.mark.parametrize(
    ("opens", "closes", "answers"),
    [
        (FromCall(n=2), FromCall(n=4), [201, 503, 503, 201, 201]),
        (AtStart(), FromCall(n=3), [503, 503, 201, 201, 201]),
        (AtStart(), FromCall(n=9), [503, 503, 503, 503, 503]),
        (FromCall(n=9), FromCall(n=1), [201, 201, 201, 201, 201]),
        (FromCall(n=3), FromCall(n=3), [201, 201, 201, 201, 201]),
        (FromCall(n=4), FromCall(n=2), [201, 201, 201, 201, 201]),
        (AtStart(), AtStart(), [201, 201, 201, 201, 201]),
        (FirstCalls(n=1), FromCall(n=3), [503, 503, 201, 201, 201]),
    ],
    ids=["in-between", "from-the-start", "never-closes", "never-opens", "empty", "backwards", "nothing", "only-arming"],
)
async def test_it_is_in_force_from_the_one_to_the_other(opens: Trigger, closes: Trigger, answers: list[int]) -> None:
    """What has closed does not open any more, so that a window the wrong way round is seen never to have opened."""
    testbed = set_stage(Flights)
    async with armed({"f": HttpError(on=Flights.book, when=Window(opens=opens, closes=closes))}, testbed):
        seen = [(await book(testbed.fake(Flights), key)).status for key in "abcde"]

    assert seen == answers
