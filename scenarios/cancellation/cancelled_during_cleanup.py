"""The client cancels while it is cleaned up: the cleanup runs to its end, and then the workflow ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.cancellation import too_slow


async def drive(run: LiveRun) -> None:
    """Cancel while the first chunk is being discarded."""
    async with run.holding(Items.discard):
        await run.handle.cancel()
        await run.until("WorkflowExecutionCancelRequested")


scenario = replace(
    too_slow.scenario,
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), NoOrphans(), NothingAfterClose()],
    claims=["CAN-009", "CAN-010"],
)
