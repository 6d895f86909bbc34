"""Sets no limit to the attempts of a step: a carrier that is away is asked until the workflow's own time is over."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.fulfilment.activities import Order
from scenarios.fulfilment.workflow import PRODUCTION, Fulfilled, FulfilOrder, Patience

TRIED_WITH = ["fulfilment/carrier_unavailable"]
CONVICTED_BY = "attempts"


@workflow.defn(name="FulfilOrder")
class NeverGivesUp(FulfilOrder):
    """As it is commonly printed: a timeout for each attempt, and no policy."""

    @workflow.run
    async def run(self, order: Order, patience: Patience = PRODUCTION) -> Fulfilled:
        """Fulfil the order."""
        return await super().run(order, replace(patience, attempts=0))
