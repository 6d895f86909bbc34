"""The order workflow as an incompatible deployment would have it: shipped before it is paid for."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.worker_loss.activities import OrderActivities
from scenarios.worker_loss.workflow import Order, Placed, PlaceOrder


@workflow.defn(name="PlaceOrder")
class ShipFirst(PlaceOrder):
    """Ships, then charges."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order."""
        await self._do(OrderActivities.ship, self._step(order, "ship"), order.patience)
        await self._do(OrderActivities.charge, self._step(order, "charge"), order.patience)
        return Placed(success=True)
