"""Tries twice and no more: a Redis that is away for two attempts is away for good."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.stock.activities import StockActivities, Take

from scenarios.stock.workflow import Order, TakeFromStock

TRIED_WITH = ["stock/redis_down"]
CONVICTED_BY = "outcome"


@workflow.defn(name="TakeFromStock")
class GivesUpEarly(TakeFromStock):
    """Takes units, if that goes well soon."""

    @workflow.run
    async def run(self, order: Order) -> int:
        """Take the units; returns how many of the item were ever taken."""
        return await workflow.execute_activity_method(
            StockActivities.take,
            Take(item=order.item, units=order.units, key=workflow.info().workflow_id),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(initial_interval=order.first_wait, maximum_attempts=2),
        )
