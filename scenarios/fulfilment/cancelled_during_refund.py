"""The order is cancelled while its money goes back: that is waited for, the goods are released, and it is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import (
    CompensatedInReverse,
    EffectsInOrder,
    HttpError,
    LiveRun,
    NoOrphans,
    NothingAfterClose,
    Outcome,
    Recorded,
    Status,
)
from scenarios.fulfilment import all_well, shipment_refused


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the refund, and let it go on when the workflow has seen the cancellation."""
    async with run.holding(Payments.refund):
        await run.handle.cancel()
        # After the start, the reservation, the charge and the refusal to ship.
        await run.until("WorkflowTaskCompleted", nth=5)


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Carrier.ship, status=400)],
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=0),
        EffectsInOrder(operations=shipment_refused.UNDONE),
        CompensatedInReverse(),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=["CMP-006"],
)
