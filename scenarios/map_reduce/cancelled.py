"""The client cancels with two chunks in hand: both are cancelled, no other is mapped, and nothing is reduced."""

from __future__ import annotations

from dataclasses import replace

from fakes.readings import Readings
from harness import Attempts, LiveRun, Outcome, Recorded, Status
from scenarios.map_reduce import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has both."""
    async with run.holding_each((Readings.load, 1), (Readings.load, 2)):
        await run.handle.cancel()
        await run.until("WorkflowExecutionCanceled")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.JOB, count=500, max_parallel=2),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=2),
        Recorded(event="ActivityTaskScheduled", count=2),
        Attempts(of=Readings.load, count=2),
    ],
    claims=(),
)
