"""One answer that comes late."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from fakes.flights import Flights
from harness.arming import armed
from harness.evidence import Evidence
from harness.explore.slow import Slow
from tests.unit.stagehands import book, set_stage

LATE = timedelta(milliseconds=200)


async def test_one_answer_is_late_and_no_other() -> None:
    """Not even of a call that comes meanwhile."""
    stage = set_stage(Flights)
    fault = Slow(on=Flights.book, number=1, delay=LATE)
    clock = asyncio.get_running_loop().time
    async with armed({"slow": fault}, stage):
        begun = clock()
        slow = asyncio.create_task(book(stage.fake(Flights), "a"))
        await asyncio.sleep(0)
        quick = await book(stage.fake(Flights), "b")
        before = slow.done()
        late = await slow

    assert not before
    assert clock() - begun >= LATE.total_seconds()
    assert [quick.status, late.status] == [201, 201]
    evidence = Evidence(scenario="s", seed=0, events=stage.stream.events, histories=())
    assert fault.fired(evidence, name="slow") == 1
