"""Other code takes over the task queue in the middle of a run."""

from __future__ import annotations

from harness import Application
from harness.faults.worker.deploy import Deploy
from scenarios.saga.workflow import BookTrip
from tests.unit.fake_testbed import settle
from tests.unit.faults.worker.worker_pool import crewed

OTHER = Application(workflows=[BookTrip])


async def test_the_old_workers_go_once_the_new_one_polls() -> None:
    """All of them; healing rolls back to the scenario's own application."""
    testbed, worker_pool = crewed(2)
    async with Deploy(application=OTHER).arm(testbed, name="f"):
        await settle()
        deployed = worker_pool.running

    assert deployed == ("w3",)
    assert worker_pool.story[:3] == ["start w3 of another application", "drain w1", "drain w2"]
    assert worker_pool.story[-3:] == ["start w4", "drain w3", "gone w3"]


async def test_a_deployed_worker_that_died_meanwhile_is_not_drained() -> None:
    """There is nothing left to roll back but to start the old one."""
    testbed, worker_pool = crewed()
    async with Deploy(application=OTHER).arm(testbed, name="f"):
        await worker_pool.kill("w2")

    assert worker_pool.story[-1] == "start w3" or "gone w1" in worker_pool.story[-1]
    assert "drain w2" not in worker_pool.story
