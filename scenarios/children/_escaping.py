"""The order as guides print it: the activity's error leaves it unchanged."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from scenarios.children.workflow import Order, Placed, PlaceOrder


@workflow.defn(name="PlaceOrder")
class EscapingPlaceOrder(PlaceOrder):
    """Passes on an ActivityError, which counts as worth another run, whatever is behind it."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order."""
        try:
            return await super().run(order)
        except ApplicationError as failure:
            if isinstance(failure.__cause__, ActivityError):
                raise failure.__cause__ from failure.__cause__.__cause__
            raise
