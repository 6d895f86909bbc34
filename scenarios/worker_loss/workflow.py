"""An order is paid for and shipped, or not paid for: whichever worker is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.worker_loss.activities import OrderActivities, Step

Do = Callable[[OrderActivities, Step], Coroutine[Any, Any, Any]]


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services and workers. The defaults are meant for production.

    Attributes:
        answer_within: For one request.
        attempt_within: The activities' start_to_close. A worker that dies in a short activity without heartbeats is
            noticed only when this has passed.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=10)
    attempt_within: timedelta = timedelta(seconds=15)
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Order:
    """What to pay for and ship.

    Attributes:
        cents: What it costs.
        patience: How long to bear with services and workers.
    """

    cents: int
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Placed:
    """What became of an order.

    Attributes:
        success: Whether it is paid for and on its way.
        error: Why not, else "".
    """

    success: bool
    error: str = ""


@workflow.defn
class PlaceOrder:
    """Charges, then ships; gives the money back when the order cannot be shipped or is cancelled."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order."""
        # Everything that decides what is undone is workflow state, which no worker can take with it (SAGA-011).
        charge = self._step(order, "charge")
        try:
            await self._do(OrderActivities.charge, charge, order.patience)
            await self._do(OrderActivities.ship, self._step(order, "ship"), order.patience)
        except (ActivityError, asyncio.CancelledError) as failure:
            # Also when it was the charge: a lost answer says nothing of the money, and to refund nothing does no harm.
            await self._refund(charge, order.patience)
            if is_cancelled_exception(failure):
                raise
            return Placed(success=False, error=str(failure.__cause__))
        return Placed(success=True)

    async def _refund(self, charge: Step, patience: Patience) -> None:
        """Give the money back, also when the order is cancelled meanwhile."""
        refunding = asyncio.create_task(self._do(OrderActivities.refund, charge, patience))
        try:
            await asyncio.shield(refunding)
        except asyncio.CancelledError:
            # A workflow is told once; what is not shielded any more is not cancelled again.
            await refunding
            raise

    def _step(self, order: Order, name: str) -> Step:
        own = workflow.info().workflow_id
        return Step(order=own, key=f"{own}:{name}", cents=order.cents, answer_within=order.patience.answer_within)

    async def _do(self, what: Do, step: Step, patience: Patience) -> None:
        await workflow.execute_activity_method(
            what,
            step,
            start_to_close_timeout=patience.attempt_within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait),
        )
