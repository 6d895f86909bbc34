"""A worker process is gone from one moment to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness import Drain, Pause, WorkerFault
from harness.events import FaultFired
from harness.faults.worker.kill import Kill
from tests.unit.builders import evidence
from tests.unit.faults.worker.worker_pool import crewed


async def test_another_worker_takes_over_at_once() -> None:
    """As an orchestrator would have it; healing has nothing left to do."""
    testbed, worker_pool = crewed()
    async with Kill().arm(testbed, name="f"):
        while_armed = list(worker_pool.story)

    assert while_armed == worker_pool.story == ["kill w1", "start w2"]


async def test_without_a_replacement_healing_starts_one() -> None:
    """Until then there is nobody."""
    testbed, worker_pool = crewed()
    async with Kill(replaced=False).arm(testbed, name="f"):
        while_armed = worker_pool.running

    assert while_armed == ()
    assert worker_pool.story == ["kill w1", "start w2"]


async def test_each_kill_is_counted() -> None:
    """With the name of who was struck."""
    testbed, _ = crewed()
    async with Kill().arm(testbed, name="f"):
        pass
    fired = [event for event in testbed.stream.events if isinstance(event, FaultFired)]

    assert [event.what for event in fired] == ["killed w1"]
    assert Kill().fired(evidence(fired), name="f") == 1
    assert Kill().fired(evidence(fired), name="g") == 0


async def test_a_place_may_stay_empty_for_a_while() -> None:
    """The replacement comes after that, and healing waits for it."""
    testbed, worker_pool = crewed()
    async with Kill(gone_for=timedelta(milliseconds=10)).arm(testbed, name="f"):
        while_armed = worker_pool.running

    assert while_armed == ()
    assert worker_pool.story == ["kill w1", "start w2"]


@pytest.mark.parametrize("kind", [Kill, Pause, Drain])
async def test_a_fault_that_finds_nobody_strikes_nobody(kind: type[WorkerFault]) -> None:
    """The worker at the point was gone already: nothing is done, and nothing has fired."""
    testbed, worker_pool = crewed(0)
    async with kind().arm(testbed, name="f"):
        pass

    assert worker_pool.story == []
    assert testbed.stream.events == ()
