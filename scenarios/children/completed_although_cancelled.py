"""The batch is cancelled, and the order in hand completes all the same: no other begins, and the batch is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, Outcome, Recorded, Status
from scenarios.children import all_well
from scenarios.children._heedless import HeedlessPlaceOrder
from scenarios.children.workflow import PlaceOrders


async def drive(run: LiveRun) -> None:
    """Cancel while the first order is handed to the carrier, and let that go on when the order has been told."""
    async with run.holding(Carrier.ship):
        await run.handle.cancel()
        await run.until("ExternalWorkflowExecutionCancelRequested")


scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, workflows=[PlaceOrders, HeedlessPlaceOrder]),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ChildWorkflowExecutionCompleted", count=1),
        Recorded(event="StartChildWorkflowExecutionInitiated", count=1),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship]),
    ],
    claims=(),
)
