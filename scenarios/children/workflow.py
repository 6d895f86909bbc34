"""A batch of orders, a child workflow for each: one that fails keeps no other from being placed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError
from temporalio.workflow import ParentClosePolicy  # and not from temporalio.common (CHD-003)

with workflow.unsafe.imports_passed_through():
    from scenarios.children.activities import DECLINED, OrderActivities, Step

Do = Callable[[OrderActivities, Step], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Patience:
    """How long an order tolerates with services that fail. The defaults are meant for production.

    Attributes:
        answer_within: For one request. Below `attempt_within`.
        attempt_within: The activities' start_to_close.
        attempts: Of a step, and of its compensation.
        first_wait: Before the second attempt; doubles with each further one.
        runs: How often an order is begun anew, after all of it was undone, for a fault that may pass.
        next_run: Before the second run; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)
    runs: int = 3
    next_run: timedelta = timedelta(seconds=2)


@dataclass(frozen=True)
class Order:
    """What to place.

    Attributes:
        id: Names the order.
        cents: What it costs.
        patience: How long to bear with failing services.
    """

    id: str
    cents: int
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Placed:
    """What became of one order.

    Attributes:
        success: Whether it is paid for and on its way.
        error: Why not, else "".
    """

    success: bool
    error: str = ""


@dataclass(frozen=True)
class Batch:
    """What to place, one after the other.

    Attributes:
        orders: The orders.
        when_closed: What becomes of an order that is being placed when the batch ends before it does.
    """

    orders: list[Order]
    # Said, since the default is TERMINATE, which leaves an order as it stands (CHD-004).
    when_closed: ParentClosePolicy = ParentClosePolicy.ABANDON


@dataclass(frozen=True)
class NotPlaced:
    """An order that was not placed.

    Attributes:
        order: Its id.
        error: The text of the failure at the bottom, since those above it say nothing (CHD-001).
        root_cause: The type of that failure.
    """

    order: str
    error: str
    root_cause: str


@dataclass
class BatchPlaced:
    """What became of a batch.

    Attributes:
        successful_count: How many orders were placed.
        failed_count: How many were not.
        successful: Their ids, in order.
        failed: Those that were not.
    """

    successful_count: int = 0
    failed_count: int = 0
    successful: list[str] = field(default_factory=list)
    failed: list[NotPlaced] = field(default_factory=list)


@workflow.defn
class PlaceOrder:
    """Charges, then ships. Failing or cancelled, it takes both back before it says so."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order. A customer who cannot pay is a result, any other failure is the workflow's."""
        try:
            await self._do(OrderActivities.charge, "payment", order)
            await self._do(OrderActivities.ship, "shipment", order)
        except (ActivityError, asyncio.CancelledError) as failure:
            refused = _refusal(failure)
            if refused is not None and refused.type == DECLINED:
                return Placed(success=False, error=DECLINED)
            if await _to_its_end(self._take_back(order)):
                raise asyncio.CancelledError from failure
            if refused is not None:
                # Marked itself: an ActivityError that leaves is retried, whatever is behind it, and all of the order
                # with it, charge and refund (CMP-008).
                raise ApplicationError(refused.message, type=refused.type, non_retryable=True) from failure
            raise
        return Placed(success=True)

    async def _take_back(self, order: Order) -> None:
        for undo, part in ((OrderActivities.call_back, "shipment"), (OrderActivities.refund, "payment")):
            try:
                await self._do(undo, part, order)
            except ActivityError as failure:
                workflow.logger.error("the %s of order %s still stands: %s", part, order.id, failure.cause)

    async def _do(self, what: Do, part: str, order: Order) -> None:
        info = workflow.info()
        patience = order.patience
        await workflow.execute_activity_method(
            what,
            # Of each run its own: what an earlier one took back stays refused under its key.
            Step(
                key=f"{info.workflow_id}:{info.attempt}:{part}",
                order=order.id,
                cents=order.cents,
                answer_within=patience.answer_within,
            ),
            start_to_close_timeout=patience.attempt_within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
        )


@workflow.defn
class PlaceOrders:
    """Places orders one after the other, each by a child."""

    @workflow.run
    async def run(self, batch: Batch) -> BatchPlaced:
        """Say which orders were placed, and why the others were not."""
        outcome = BatchPlaced()
        for order in batch.orders:
            if workflow.cancellation_reason() is not None:
                # A child that was too far on to be cancelled completes, and takes the request to its parent with it.
                raise asyncio.CancelledError
            patience = order.patience
            try:
                placed = await workflow.execute_child_workflow(
                    PlaceOrder.run,
                    order,
                    # Of the parent's and the order's, so that nothing places it twice.
                    id=f"{workflow.info().workflow_id}:{order.id}",
                    parent_close_policy=batch.when_closed,
                    retry_policy=RetryPolicy(initial_interval=patience.next_run, maximum_attempts=patience.runs),
                )
            except ChildWorkflowError as failure:
                if workflow.cancellation_reason() is not None:
                    raise
                outcome.failed.append(_not_placed(order, failure))
            else:
                # A child that completes has not placed its order for that.
                if placed.success:
                    outcome.successful.append(order.id)
                else:
                    outcome.failed.append(NotPlaced(order=order.id, error=placed.error, root_cause=placed.error))
        outcome.successful_count = len(outcome.successful)
        outcome.failed_count = len(outcome.failed)
        return outcome


def _not_placed(order: Order, failure: BaseException) -> NotPlaced:
    root = failure
    while root.__cause__ is not None:
        root = root.__cause__
    kind = root.type if isinstance(root, ApplicationError) and root.type else type(root).__name__
    text = root.message if isinstance(root, ApplicationError) else str(root)
    return NotPlaced(order=order.id, error=text, root_cause=kind)


def _refusal(failure: BaseException) -> ApplicationError | None:
    """The definite no behind a failure, if it is one: asking again would get it again."""
    cause = failure.__cause__
    return cause if isinstance(cause, ApplicationError) and cause.non_retryable else None


async def _to_its_end(what: Coroutine[Any, Any, None]) -> bool:
    """Await something to its end, and say whether the workflow was cancelled meanwhile."""
    task = asyncio.create_task(what)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    return cancelled
