"""A worker process stops in its tracks, and goes on later."""

from __future__ import annotations

from contextlib import suppress

from harness.faults.worker.pause import Pause
from tests.unit.faults.worker.crew import crewed


async def test_others_take_over_until_it_goes_on() -> None:
    """As many as declared."""
    stage, crew = crewed()
    async with Pause(others=2).arm(stage, name="f"):
        while_armed = list(crew.story)

    assert while_armed == ["pause w1", "start w2", "start w3"]
    assert crew.story[3:] == ["resume w1"]


async def test_it_goes_on_when_the_run_breaks() -> None:
    """A stopped process would outlive everything."""
    stage, crew = crewed()
    with suppress(ZeroDivisionError):
        async with Pause().arm(stage, name="f"):
            raise ZeroDivisionError

    assert crew.story == ["pause w1", "resume w1"]
