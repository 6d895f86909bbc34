"""Takes units from stock exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.stock.activities import StockActivities, Take


@dataclass(frozen=True)
class Order:
    """What to take.

    Attributes:
        item: What is kept.
        units: How many.
        first_wait: Before the second attempt; doubles with each further one.
    """

    item: str
    units: int
    first_wait: timedelta = timedelta(seconds=1)


@workflow.defn
class TakeFromStock:
    """Takes units under a key of its own, so that an attempt whose answer was lost can be repeated."""

    @workflow.run
    async def run(self, order: Order) -> int:
        """Take the units; returns how many of the item were ever taken."""
        return await workflow.execute_activity_method(
            StockActivities.take,
            Take(item=order.item, units=order.units, key=workflow.info().workflow_id),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(initial_interval=order.first_wait, maximum_attempts=20),
        )
