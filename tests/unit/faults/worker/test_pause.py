"""A worker process stops in its tracks, and goes on later."""

from __future__ import annotations

from contextlib import suppress

from harness.faults.worker.pause import Pause
from tests.unit.faults.worker.worker_pool import crewed


async def test_others_take_over_until_it_goes_on() -> None:
    """As many as declared."""
    testbed, worker_pool = crewed()
    async with Pause(others=2).arm(testbed, name="f"):
        while_armed = list(worker_pool.story)

    assert while_armed == ["pause w1", "start w2", "start w3"]
    assert worker_pool.story[3:] == ["resume w1"]


async def test_it_goes_on_when_the_run_breaks() -> None:
    """A stopped process would outlive everything."""
    testbed, worker_pool = crewed()
    with suppress(ZeroDivisionError):
        async with Pause().arm(testbed, name="f"):
            raise ZeroDivisionError

    assert worker_pool.story == ["pause w1", "resume w1"]
