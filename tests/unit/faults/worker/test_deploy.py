"""Other code takes over the task queue in the middle of a run."""

from __future__ import annotations

from harness import Application
from harness.faults.worker.deploy import Deploy
from scenarios.saga.workflow import BookTrip
from tests.unit.faults.worker.crew import crewed
from tests.unit.stagehands import settle

OTHER = Application(workflows=[BookTrip])


async def test_the_old_workers_go_once_the_new_one_polls() -> None:
    """All of them; healing rolls back to the scenario's own application."""
    stage, crew = crewed(2)
    async with Deploy(application=OTHER).arm(stage, name="f"):
        await settle()
        deployed = crew.running

    assert deployed == ("w3",)
    assert crew.story[:3] == ["start w3 of another application", "drain w1", "drain w2"]
    assert crew.story[-3:] == ["start w4", "drain w3", "gone w3"]


async def test_a_deployed_worker_that_died_meanwhile_is_not_drained() -> None:
    """There is nothing left to roll back but to start the old one."""
    stage, crew = crewed()
    async with Deploy(application=OTHER).arm(stage, name="f"):
        await crew.kill("w2")

    assert crew.story[-1] == "start w3" or "gone w1" in crew.story[-1]
    assert "drain w2" not in crew.story
