"""Calls a method of its own to tell the customer, as guides do; there is none, and the order is blocked for ever."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from scenarios.classification.workflow import Order, Settled, SettleOrder

TRIED_WITH = ["classification/declined"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="SettleOrder")
class TellsTheCustomerItself(SettleOrder):
    """Has never been run with a payment that was declined."""

    @workflow.run
    async def run(self, order: Order) -> Settled:
        """Settle the order."""
        return await super().run(order)

    async def _notify(self, order: Order) -> bool:
        this: Any = self
        return bool(await this.notify_customer(order))
