"""A fault that one call of an operation meets, and no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from fakes.flights import Flights
from harness import HttpError, LateReply, OnlyNthCall
from harness.evidence.evidence import Evidence
from harness.run.arming import armed
from tests.unit.fake_testbed import book, set_stage

LATE = timedelta(milliseconds=200)
ASKED = [("a", "seat"), ("b", "bed"), ("c", "bed"), ("d", "seat")]
"""Of which the second is asked for again under another key."""


async def test_one_answer_is_late_and_no_other() -> None:
    """Not even of a call that comes meanwhile."""
    testbed = set_stage(Flights)
    fault = OnlyNthCall(on=Flights.book, n=1, fault=LateReply(on=Flights.book, delay=LATE))
    clock = asyncio.get_running_loop().time
    async with armed({"slow": fault}, testbed):
        begun = clock()
        slow = asyncio.create_task(book(testbed.fake(Flights), "a"))
        await asyncio.sleep(0)
        quick = await book(testbed.fake(Flights), "b")
        before = slow.done()
        late = await slow

    assert not before
    assert clock() - begun >= LATE.total_seconds()
    assert [quick.status, late.status] == [201, 201]
    evidence = Evidence(scenario="s", seed=0, events=testbed.stream.events, histories=())
    assert fault.fired(evidence, name="slow") == 1


async def test_a_call_that_is_held_is_met_when_it_goes_on() -> None:
    """Whatever came in the meantime."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights)
    async with armed({"f": OnlyNthCall(on=Flights.book, n=1, fault=HttpError(on=Flights.book))}, testbed):
        first = asyncio.create_task(book(flights, "a"))
        async with flights.holding(Flights.book):
            spared = await book(flights, "b")
        met = await first

    assert [met.status, spared.status] == [503, 201]


def test_what_is_wrong_with_its_settings_is_refused() -> None:
    """And with those of the fault."""
    other = HttpError(on=Flights.cancel, status=200)

    assert list(OnlyNthCall(on=Flights.book, n=0, fault=other).problems()) == [
        "n must be >= 1, got 0.",
        "the fault is on flights.cancel, not on flights.book.",
        *other.problems(),
    ]


@pytest.mark.parametrize(("each_time", "statuses"), [(True, [201, 503, 503, 201]), (False, [201, 503, 201, 201])])
async def test_the_same_request_may_meet_it_again(*, each_time: bool, statuses: list[int]) -> None:
    """Whatever its key; another one does not."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights)
    fault = OnlyNthCall(on=Flights.book, n=2, fault=HttpError(on=Flights.book), each_time=each_time)
    async with armed({"f": fault}, testbed):
        met = [await book(flights, key, item) for key, item in ASKED]

    assert [one.status for one in met] == statuses
    evidence = Evidence(scenario="s", seed=0, events=testbed.stream.events, histories=())
    assert fault.fired(evidence, name="f") == statuses.count(503)
