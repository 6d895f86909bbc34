"""The order is cancelled while its money is given back: that is waited for, not cancelled, and it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import EffectsInOrder, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.worker_loss import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the refund, and let it go on when the workflow has seen the cancellation."""
    async with run.holding(Payments.refund):
        await run.handle.cancel()
        # After the start, the charge and the refusal to ship.
        await run.until("WorkflowTaskCompleted", nth=4)


scenario = replace(
    all_well.scenario,
    workers=None,
    faults=[HttpError(on=Parcels.book, status=409)],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=0),
        # The charge and the refund.
        Recorded(event="ActivityTaskCompleted", count=2),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
        NothingAfterClose(),
    ],
)
