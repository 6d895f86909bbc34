"""The service accepts so many calls in so much time, and refuses the others."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import RateLimit
from harness.events import EffectApplied, FaultFired
from tests.unit.fake_testbed import book, set_stage, told


async def test_what_exceeds_the_limit_is_refused_with_the_time_to_wait() -> None:
    """In whole seconds, and nothing is done; what does not exceed it is not touched."""
    testbed = set_stage(Flights)
    async with RateLimit(on=Flights.book, limit="2/minute").arm(testbed, name="f"):
        answers = [await book(testbed.fake(Flights), key) for key in "abc"]

    assert [answer.status for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert len(told(testbed, EffectApplied)) == 2
    assert [event.call for event in testbed.stream.events if isinstance(event, FaultFired)] == ["flights.book#3"]


async def test_others_may_have_used_the_window_up() -> None:
    """So that the very first call is refused."""
    testbed = set_stage(Flights)
    async with RateLimit(on=Flights.book, limit="2/hour", taken=2).arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert answer.status == 429


async def test_arming_again_counts_from_zero() -> None:
    """Two windows in one run do not know of each other."""
    testbed, fault = set_stage(Flights), RateLimit(on=Flights.book, limit="1/hour")
    statuses = []
    for key in "ab":
        async with fault.arm(testbed, name="f"):
            statuses.append((await book(testbed.fake(Flights), key)).status)

    assert statuses == [201, 201]


@pytest.mark.parametrize(
    ("limit", "taken", "said"),
    [
        ("", 0, "limit must look like '2/second' or '10 per 5 second', got ''"),
        ("2 apples", 0, "limit must look like '2/second' or '10 per 5 second', got '2 apples'"),
        ("2/second", -1, "taken must not be negative, got -1."),
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused(limit: str, taken: int, said: str) -> None:
    """In the words of the library that referees."""
    (problem,) = RateLimit(on=Flights.book, limit=limit, taken=taken).problems()

    assert problem.startswith(said)


@pytest.mark.parametrize("limit", ["2/second", "100/minute", "10 per 5 second"])
def test_the_documented_forms_are_sound(limit: str) -> None:
    """Each of those that the docstring shows."""
    assert list(RateLimit(on=Flights.book, limit=limit).problems()) == []
