"""Every worker is replaced, one after the other."""

from __future__ import annotations

from harness.events import FaultFired
from harness.faults.worker.rolling_restart import RollingRestart
from tests.unit.faults.worker.worker_pool import crewed


async def test_each_goes_once_its_replacement_polls() -> None:
    """There are never fewer than before, and leaving waits until all have been replaced."""
    testbed, worker_pool = crewed(2)
    async with RollingRestart().arm(testbed, name="f"):
        pass

    assert worker_pool.story == ["start w3", "drain w1", "gone w1", "start w4", "drain w2", "gone w2"]
    assert [event.what for event in testbed.stream.events if isinstance(event, FaultFired)] == [
        "replaced w1",
        "replaced w2",
    ]
