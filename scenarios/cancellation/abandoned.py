"""ABANDON: the activity is not asked to stop, and continues although the workflow reports that it was cancelled."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ActivityCancellationType

from fakes.items import Items
from harness import Attempts, LiveRun, NoOrphans, NothingAfterClose
from scenarios.cancellation import too_slow


async def drive(run: LiveRun) -> None:
    """Have a chunk on its way that arrives when the workflow has ended."""
    async with run.holding(Items.process, nth=2):
        await run.until("WorkflowExecutionCompleted")


scenario = replace(
    too_slow.scenario,
    drive=drive,
    given=replace(too_slow.scenario.given, when_cancelled=ActivityCancellationType.ABANDON),
    expects=[
        too_slow.CANCELLED,
        NothingAfterClose(but=[Items.process]),
        Attempts(of=Items.discard, count=0),
        NoOrphans(but=[Items.process]),
    ],
    claims=["CAN-005"],
)
