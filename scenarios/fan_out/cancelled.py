"""The client cancels the batch: its open children are cancelled and discard what they did; no further child starts."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import ChildrenAccountedFor, LiveRun, NothingAfterClose, Outcome, Recorded, Status
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Cancel when one item is done and two are being processed, which the service ends only when it is too late."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        await run.handle.cancel()
        await run.until("ChildWorkflowExecutionCanceled", nth=2)


scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(5)), at_once=2, patience=all_well.IMPATIENT),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="RequestCancelExternalWorkflowExecutionInitiated", count=2),
        Recorded(event="ExternalWorkflowExecutionCancelRequested", count=2),
        Recorded(event="ChildWorkflowExecutionCanceled", count=2),
        Recorded(event="StartChildWorkflowExecutionInitiated", count=3),
        ChildrenAccountedFor(of=Items.process, items=range(5)),
        NothingAfterClose(),
    ],
    claims=["CHW-013"],
)
