"""A sound application: an order is reserved, charged, labelled and shipped, or nothing of it stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from tests.explored.parcel import activities
    from tests.explored.parcel.activities import Order

WITHIN = timedelta(seconds=30)
TRIES = RetryPolicy(maximum_attempts=3)


@workflow.defn
class ShipParcel:
    """Books the courier, as a child of the order."""

    @workflow.run
    async def run(self, order: Order) -> str:
        """Book it."""
        return await workflow.execute_activity(
            activities.book_courier, order, start_to_close_timeout=WITHIN, retry_policy=TRIES
        )


@workflow.defn
class PlaceParcelOrder:
    """All of an order, or nothing of it."""

    def __init__(self) -> None:
        self._undo: list[Callable[[Order], Any]] = []

    @workflow.run
    async def run(self, order: Order) -> str:
        """Place the order; compensates on failure and on cancellation, and then fails."""
        try:
            price = await workflow.execute_activity(activities.quote, order, start_to_close_timeout=WITHIN)
            self._undo.append(activities.release)
            self._undo.append(activities.refund)
            await asyncio.gather(
                workflow.execute_activity(activities.reserve, order, start_to_close_timeout=WITHIN, retry_policy=TRIES),
                workflow.execute_activity(activities.charge, order, start_to_close_timeout=WITHIN, retry_policy=TRIES),
            )
            await workflow.execute_activity(
                activities.print_labels,
                order,
                start_to_close_timeout=timedelta(minutes=10),
                heartbeat_timeout=WITHIN,
                retry_policy=TRIES,
            )
            await workflow.sleep(timedelta(hours=1))
            self._undo.append(activities.cancel_courier)
            courier = await workflow.execute_child_workflow(
                ShipParcel.run, order, id=f"{workflow.info().workflow_id}-parcel"
            )
        except (ActivityError, ChildWorkflowError, asyncio.CancelledError) as failure:
            left = await self._compensate(order)
            if is_cancelled_exception(failure):
                raise
            raise ApplicationError("the order is off", {"left": left}, type="OrderOff") from failure
        return f"{price}, {courier}"

    async def _compensate(self, order: Order) -> list[str]:
        left = []
        for undo in reversed(self._undo):
            try:
                await workflow.execute_activity(
                    undo, order, start_to_close_timeout=WITHIN, retry_policy=RetryPolicy(maximum_attempts=8)
                )
            except ActivityError:
                left.append(undo.__name__)
        return left
