"""A shop with six bugs, each of which only one kind of fault brings out; none shows while nothing fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from tests.explored.shop import activities
    from tests.explored.shop.activities import Order

WITHIN = timedelta(seconds=10)
TRIES = RetryPolicy(maximum_attempts=3)


@workflow.defn
class PlaceOrder:
    """Reserves, charges, posts, ships and follows an order."""

    @workflow.run
    async def run(self, order: Order) -> str:
        """Place the order, and undo what was done when something fails."""
        undo: list[Any] = [activities.release]
        try:
            await workflow.execute_activity(
                activities.reserve, order, start_to_close_timeout=WITHIN, retry_policy=TRIES
            )
            await workflow.execute_activity(activities.charge, order, start_to_close_timeout=WITHIN, retry_policy=TRIES)
            # Bug: known after the call only, so that a charge whose answer is lost is never given back.
            undo.append(activities.refund)
            # Bug, in the activity: a repetition credits the points once more.
            await workflow.execute_activity(activities.award_points, order, start_to_close_timeout=WITHIN)
            # Bug, in the activity: it does not go on where the interrupted attempt was.
            await workflow.execute_activity(
                activities.post_lines, order, start_to_close_timeout=timedelta(minutes=5), heartbeat_timeout=WITHIN
            )
            sent = await self._ship(order)
            await self._send_receipt(order)
            await self._follow(order)
        except (ActivityError, asyncio.CancelledError) as failure:
            for one in reversed(undo):
                await workflow.execute_activity(one, order, start_to_close_timeout=WITHIN)
            raise ApplicationError("the order failed", type="OrderFailed") from failure
        return sent

    async def _ship(self, order: Order) -> str:
        try:
            return await workflow.execute_activity(
                activities.book_courier, order, start_to_close_timeout=WITHIN, retry_policy=TRIES
            )
        except ApplicationError:
            # Bug: what is raised is an ActivityError, so that nobody ever comes here.
            return await workflow.execute_activity(activities.book_locker, order, start_to_close_timeout=WITHIN)

    async def _send_receipt(self, order: Order) -> None:
        try:
            await workflow.execute_activity(
                activities.send_receipt,
                order,
                start_to_close_timeout=WITHIN,
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except ActivityError as failure:
            # Bug: what is behind a timeout has no such attribute, and the error is no failure of the workflow's.
            if failure.cause.non_retryable:  # type: ignore[union-attr]
                workflow.logger.warning("no receipt for %s", order.id)

    async def _follow(self, order: Order) -> None:
        while True:
            try:
                if await workflow.execute_activity(
                    activities.is_delivered, order, start_to_close_timeout=WITHIN, retry_policy=TRIES
                ):
                    return
            except ActivityError:
                # Bug: asks for ever, should the service be gone for good.
                workflow.logger.warning("cannot tell where %s is", order.id)
            await workflow.sleep(timedelta(hours=1))
