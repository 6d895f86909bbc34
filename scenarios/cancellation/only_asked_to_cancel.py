"""TRY_CANCEL: the workflow ends before the activity learns that it was cancelled, so its cleanup comes too late."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ActivityCancellationType

from fakes.items import Items
from harness import Attempts, LiveRun, NoOrphans, NothingAfterClose
from scenarios.cancellation import too_slow


async def drive(run: LiveRun) -> None:
    """See that the request to cancel was made, with a chunk on its way that arrives when the workflow has ended."""
    async with run.holding(Items.process, nth=2):
        await run.until("ActivityTaskCancelRequested")
        await run.until("WorkflowExecutionCompleted")


scenario = replace(
    too_slow.scenario,
    given=replace(too_slow.scenario.given, when_cancelled=ActivityCancellationType.TRY_CANCEL),
    drive=drive,
    expects=[
        too_slow.CANCELLED,
        # It goes on until its next heartbeat arrives, and what it did stays: its workflow is gone by then.
        NothingAfterClose(but=[Items.process]),
        Attempts(of=Items.discard, count=0),
        NoOrphans(but=[Items.process]),
    ],
    claims=["CAN-005"],
)
