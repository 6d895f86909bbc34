"""The payment is declined while the goods are being set aside: they are released again before the order fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from fakes.quotes import Quotes
from harness import EffectsInOrder, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Serve the reservation and the price when the workflow has seen that the payment failed."""
    async with run.holding_each((Inventory.reserve, 1), (Quotes.ask, 1)):
        await run.until("WorkflowTaskCompleted", nth=2)


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Payments.charge, status=402)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        # Nothing is undone by the workflow task that delivers the failure: the other two have not ended.
        Recorded(event="ActivityTaskScheduled", having={"workflowTaskCompletedEventId": "12"}, count=0),
        # The reservation, the price, and both undone.
        Recorded(event="ActivityTaskCompleted", count=4),
        EffectsInOrder(operations=[Inventory.reserve, Inventory.release]),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=["PAR-003"],
)
