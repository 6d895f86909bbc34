"""An order that is too far on to be cancelled."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.children.workflow import Order, Placed, PlaceOrder


@workflow.defn(name="PlaceOrder")
class HeedlessPlaceOrder(PlaceOrder):
    """Completes whether or not it is cancelled meanwhile, as an order does whose last answer comes with the request."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order."""
        placing = asyncio.create_task(super().run(order))
        try:
            return await asyncio.shield(placing)
        except asyncio.CancelledError:
            return await placing
