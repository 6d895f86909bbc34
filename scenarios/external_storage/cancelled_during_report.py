"""Cancelled while the report is being stored: that is waited for, and a result that is there is not thrown away."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import LiveRun, Outcome, Recorded
from scenarios.external_storage import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the storage has the report in hand, and let go once the workflow knows."""
    async with run.holding(Objects.put, nth=2):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result=all_well.DONE),
        Recorded(event="ActivityTaskCancelRequested", count=1),
        all_well.NO_ORPHANS,
    ],
    claims=(),
)
