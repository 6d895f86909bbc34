"""The client cancels the batch: ABANDON or not, the order in hand is cancelled, and undone before either ends."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from harness import LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.children import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the first order is handed to the carrier, who acts on it only when it is too late."""
    async with run.holding(Carrier.ship):
        await run.handle.cancel()
        await run.until("ChildWorkflowExecutionCanceled")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="StartChildWorkflowExecutionInitiated", count=1),
        Recorded(event="ChildWorkflowExecutionCanceled", count=1),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=["CHD-006"],
)
