"""The batch is cancelled while an item is tried: that is no failure of it, so no letter is written; it is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import Attempts, Contents, LiveRun, Outcome, Recorded, Server, Status
from scenarios.dead_letters import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the first item."""
    async with run.holding(Items.process):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    server=Server(),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Items.process, count=1),
        Recorded(event="ActivityTaskScheduled", count=1),
        Contents(of=DeadLetters, values=[]),
    ],
    claims=(),
)
