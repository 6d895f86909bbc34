"""Gathers without return_exceptions: the order fails with its payment, and nobody releases the goods."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.parallel.workflow import Order, Prepared, PrepareOrder

with workflow.unsafe.imports_passed_through():
    from scenarios.parallel.activities import OrderActivities

TRIED_WITH = ["parallel/payment_declined"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="PrepareOrder")
class GathersPlainly(PrepareOrder):
    """As it is printed."""

    @workflow.run
    async def run(self, order: Order) -> Prepared:
        """Return what the three services say."""
        reserved, charged, quote = await asyncio.gather(
            self._do(OrderActivities.reserve_inventory, "inventory", order),
            self._do(OrderActivities.process_payment, "payment", order),
            self._do(OrderActivities.get_shipping_quote, "quote", order),
        )
        return Prepared(inventory_reserved=reserved, payment_processed=charged, shipping_cost=quote)
