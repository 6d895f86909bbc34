"""A worker process is asked to stop, as at every deploy."""

from __future__ import annotations

from harness.faults.worker.drain import Drain
from tests.unit.faults.worker.crew import crewed
from tests.unit.stagehands import settle


async def test_it_is_not_waited_for_while_it_is_at_a_point() -> None:
    """It could not go on before the fault is armed; leaving waits until it is gone."""
    stage, crew = crewed()
    crew.let_go.clear()
    async with Drain().arm(stage, name="f"):
        await settle()
        while_armed = list(crew.story)
        crew.let_go.set()

    assert sorted(while_armed) == ["drain w1", "start w2"]
    assert crew.story[2:] == ["gone w1"]


async def test_without_a_replacement_healing_starts_one() -> None:
    """Once the old one is gone."""
    stage, crew = crewed()
    async with Drain(replaced=False).arm(stage, name="f"):
        pass

    assert crew.story == ["drain w1", "gone w1", "start w2"]
