"""The order is cancelled when its goods are set aside and its payment is on its way: both are undone first."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the charge is held, which is served when the refund has been made."""
    async with run.holding(Payments.charge):
        # Reservation and price.
        await run.until("ActivityTaskCompleted", nth=2)
        await run.handle.cancel()
        await run.until("WorkflowExecutionCanceled")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=1),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=(),
)
