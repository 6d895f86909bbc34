"""A worker process is gone from one moment to the next."""

from __future__ import annotations

from harness.events import FaultFired
from harness.faults.worker.kill import Kill
from tests.unit.builders import evidence
from tests.unit.faults.worker.crew import crewed


async def test_another_worker_takes_over_at_once() -> None:
    """As an orchestrator would have it; healing has nothing left to do."""
    stage, crew = crewed()
    async with Kill().arm(stage, name="f"):
        while_armed = list(crew.story)

    assert while_armed == crew.story == ["kill w1", "start w2"]


async def test_without_a_replacement_healing_starts_one() -> None:
    """Until then there is nobody."""
    stage, crew = crewed()
    async with Kill(replaced=False).arm(stage, name="f"):
        while_armed = crew.running

    assert while_armed == ()
    assert crew.story == ["kill w1", "start w2"]


async def test_each_kill_is_counted() -> None:
    """With the name of who was struck."""
    stage, _ = crewed()
    async with Kill().arm(stage, name="f"):
        pass
    fired = [event for event in stage.stream.events if isinstance(event, FaultFired)]

    assert [event.what for event in fired] == ["killed w1"]
    assert Kill().fired(evidence(fired), name="f") == 1
    assert Kill().fired(evidence(fired), name="g") == 0
