"""A worker process is asked to stop, as at every deploy."""

from __future__ import annotations

from harness.faults.worker.drain import Drain
from tests.unit.fake_testbed import settle
from tests.unit.faults.worker.worker_pool import crewed


async def test_it_is_not_waited_for_while_it_is_at_a_point() -> None:
    """It could not go on before the fault is armed; leaving waits until it is gone."""
    testbed, worker_pool = crewed()
    worker_pool.let_go.clear()
    async with Drain().arm(testbed, name="f"):
        await settle()
        while_armed = list(worker_pool.story)
        worker_pool.let_go.set()

    assert sorted(while_armed) == ["drain w1", "start w2"]
    assert worker_pool.story[2:] == ["gone w1"]


async def test_without_a_replacement_healing_starts_one() -> None:
    """Once the old one is gone."""
    testbed, worker_pool = crewed()
    async with Drain(replaced=False).arm(testbed, name="f"):
        pass

    assert worker_pool.story == ["drain w1", "gone w1", "start w2"]
