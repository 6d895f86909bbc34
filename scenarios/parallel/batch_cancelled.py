"""The client cancels a batch with two items in progress: both are cancelled, no other starts or counts as failed."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, LiveRun, Outcome, Recorded, Status
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel.workflows import items


async def drive(run: LiveRun) -> None:
    """Cancel while the service has both."""
    async with run.holding_each((Items.process, 1), (Items.process, 2)):
        await run.handle.cancel()
        await run.until("WorkflowExecutionCanceled")


scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=list(range(10)), at_once=2, patience=all_well.IMPATIENT),
    drive=drive,
    faults=(),
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=2),
        Recorded(event="ActivityTaskScheduled", count=2),
        Attempts(of=Items.process, count=2),
    ],
    claims=(),
)
