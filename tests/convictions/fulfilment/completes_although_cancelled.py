"""Takes a cancellation for any other failure of a step, and says so in a result: the workflow ends as Completed."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from scenarios.fulfilment.activities import Order
from scenarios.fulfilment.workflow import PRODUCTION, Fulfilled, FulfilOrder, Patience

TRIED_WITH = ["fulfilment/cancelled_during_shipment"]
CONVICTED_BY = "outcome"


@workflow.defn(name="FulfilOrder")
class CompletesAlthoughCancelled(FulfilOrder):
    """Raises nothing again."""

    @workflow.run
    async def run(self, order: Order, patience: Patience = PRODUCTION) -> Fulfilled:
        """Fulfil the order."""
        try:
            return await super().run(order, patience)
        except ActivityError as failure:
            return Fulfilled(success=False, error=str(failure))
