"""Cancelled while the data are being deleted: that is finished, and the result, which is there, is not thrown away."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.external_storage import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the storage has the request to delete in hand."""
    async with run.holding(Objects.delete):
        await run.handle.cancel()
        await run.until("WorkflowTaskCompleted", nth=4)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result=all_well.DONE),
        Recorded(event="WorkflowExecutionCancelRequested", count=1),
        Recorded(event="ActivityTaskCancelRequested", count=0),
        Attempts(of=Objects.delete, count=1),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-002"],
)
