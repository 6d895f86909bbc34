"""REQUEST_CANCEL cancels the order with its batch: it takes back what it took, and ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ParentClosePolicy

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, NoOrphans, Outcome, Status
from scenarios.children import all_well, parent_terminated
from scenarios.children.workflow import Batch


async def drive(run: LiveRun) -> None:
    """Terminate the batch while the first order is handed to the carrier, who acts on it only when it is too late."""
    async with run.holding(Carrier.ship):
        await run.handle.terminate()
        await run.see_to_its_end(f"{run.handle.id}:A")


scenario = replace(
    parent_terminated.scenario,
    drive=drive,
    given=Batch(orders=all_well.ORDERS[:2], when_closed=ParentClosePolicy.REQUEST_CANCEL),
    expects=[
        Outcome(status=Status.TERMINATED),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
    ],
    claims=["CHD-005"],
)
