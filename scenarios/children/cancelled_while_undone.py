"""An order is cancelled while it is being undone: the undo runs to its end, and then the order is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.children import order_by_itself


async def drive(run: LiveRun) -> None:
    """Cancel while the carrier is asked to call the goods back."""
    async with run.holding(Carrier.call_back):
        await run.handle.cancel()
        await run.until("WorkflowExecutionCancelRequested")


scenario = replace(
    order_by_itself.scenario,
    drive=drive,
    faults=[HttpError(on=Carrier.ship, status=400)],
    expects=[
        Outcome(status=Status.CANCELED),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        Attempts(of=Carrier.call_back, count=1),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=(),
)
