"""Every byte takes its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import Latency
from harness.events import ChanceDrawn
from tests.unit.fake_testbed import book, proxy_of, set_stage

JITTERY = Latency(on=Flights, delay=timedelta(milliseconds=500), jitter=timedelta(milliseconds=200))


async def delays(calls: int) -> list[int]:
    """The delays that the proxy was told, call by call."""
    testbed, seen = set_stage(Flights), []
    async with JITTERY.arm(testbed, name="f"):
        for number in range(calls):
            await book(testbed.fake(Flights), str(number))
            seen.append(proxy_of(testbed, Flights).toxics["f"][2]["latency"])
    drawn = [event.what for event in testbed.stream.events if isinstance(event, ChanceDrawn)]

    assert drawn == [f"{one} ms" for one in seen]
    return seen


async def test_jitter_is_drawn_for_each_call_and_logged() -> None:
    """Within its bounds, not always the same, and the same again from the same seed."""
    first, second = await delays(20), await delays(20)

    assert first == second
    assert len(set(first)) > 1
    assert all(300 <= one <= 700 for one in first)


async def test_without_jitter_nothing_is_drawn() -> None:
    """The delay stays what it was declared to be."""
    testbed = set_stage(Flights)
    async with Latency(on=Flights, delay=timedelta(milliseconds=5)).arm(testbed, name="f"):
        await book(testbed.fake(Flights))

    assert [event for event in testbed.stream.events if isinstance(event, ChanceDrawn)] == []


def test_the_least_delay_is_the_shortest_that_can_be_drawn() -> None:
    """By it a witness knows that the fault has acted; it is never nothing."""
    full = Latency(on=Flights, delay=timedelta(milliseconds=5), jitter=timedelta(milliseconds=5))

    assert JITTERY.least_delay() == timedelta(milliseconds=300)
    assert full.least_delay() == timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("delay", "jitter", "said"),
    [
        (timedelta(0), timedelta(0), "delay must be at least 1 ms, got 0:00:00."),
        (timedelta(microseconds=400), timedelta(0), "delay must be at least 1 ms, got 0:00:00.000400."),
        (timedelta(seconds=1), timedelta(seconds=2), "jitter must be between 0 and delay (0:00:01)"),
        (timedelta(seconds=1), timedelta(seconds=-1), "jitter must be between 0 and delay (0:00:01)"),
    ],
)
def test_settings_that_make_no_sense_are_told(delay: timedelta, jitter: timedelta, said: str) -> None:
    """A latency that delays nothing would never be felt."""
    (problem,) = Latency(on=Flights, delay=delay, jitter=jitter).problems()

    assert problem.startswith(said)


def test_it_is_told_in_toxiproxy_s_words() -> None:
    """In milliseconds; Toxiproxy's own jitter is left out, since it cannot be repeated."""
    assert JITTERY.toxic() == ("latency", {"latency": 500})
    assert list(JITTERY.problems()) == []
