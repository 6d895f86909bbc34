"""The batch is terminated while the second item is tried: the first, which had failed, is in the queue already."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import Contents, FirstCalls, HttpError, LiveRun, Outcome, Status
from scenarios.dead_letters import all_well


async def drive(run: LiveRun) -> None:
    """Terminate while the service has the fifth call: the second try of the second item."""
    async with run.holding(Items.process, nth=5):
        await run.handle.terminate()
        await run.until("WorkflowExecutionTerminated")


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Items.process, status=500, when=FirstCalls(n=5))],
    expects=[
        Outcome(status=Status.TERMINATED),
        Contents(of=DeadLetters, per="item", values=[0]),
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-007"],
)
