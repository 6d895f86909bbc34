"""An order's three first steps at once: all succeed, or what they did is undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from scenarios.parallel.activities import OrderActivities, Step

Does = Callable[[OrderActivities, Step], Coroutine[Any, Any, Any]]


@dataclass(frozen=True)
class Patience:
    """How long a step tolerates with a service that fails. The defaults are meant for production.

    Attributes:
        answer_within: For one request. Below `attempt_within`.
        attempt_within: The activities' start_to_close.
        attempts: Of a step. Undoing it is tried until it succeeds.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Order:
    """What to prepare.

    Attributes:
        id: Names the order.
        cents: What it costs.
        patience: How long to bear with failing services.
    """

    id: str
    cents: int
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Prepared:
    """An order that can be shipped.

    Attributes:
        inventory_reserved: The reservation.
        payment_processed: The charge.
        shipping_cost: What shipping costs.
    """

    inventory_reserved: str
    payment_processed: str
    shipping_cost: str


@workflow.defn
class PrepareOrder:
    """Reserves, charges and asks for the price of shipping, all at once."""

    @workflow.run
    async def run(self, order: Order) -> Prepared:
        """Return what the three services say. Fails, or is cancelled, with nothing of it standing."""
        try:
            # With return_exceptions, all three have ended when this has. Without, the first failure is raised at once,
            # and the others go on behind the back of a workflow that has failed (PAR-003).
            told = await asyncio.gather(
                self._do(OrderActivities.reserve_inventory, "inventory", order),
                self._do(OrderActivities.process_payment, "payment", order),
                self._do(OrderActivities.get_shipping_quote, "quote", order),
                return_exceptions=True,
            )
            for one in told:
                if isinstance(one, BaseException):
                    raise one
        except (ActivityError, asyncio.CancelledError):
            undoing = asyncio.gather(
                self._undo(OrderActivities.release_inventory, "inventory", order),
                self._undo(OrderActivities.refund_payment, "payment", order),
            )
            try:
                await asyncio.shield(undoing)
            except asyncio.CancelledError:
                # A workflow is cancelled once: what is not shielded any more is not cancelled again.
                await undoing
                raise
            raise
        reserved, charged, quote = map(str, told)
        return Prepared(inventory_reserved=reserved, payment_processed=charged, shipping_cost=quote)

    async def _do(self, what: Does, part: str, order: Order) -> Any:
        patience = order.patience
        return await workflow.execute_activity_method(
            what,
            _step(order, part),
            start_to_close_timeout=patience.attempt_within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
        )

    async def _undo(self, what: Does, part: str, order: Order) -> None:
        patience = order.patience
        try:
            await workflow.execute_activity_method(
                what,
                _step(order, part),
                start_to_close_timeout=patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait),
            )
        except ActivityError as failure:
            # Each on its own: one that is refused must not take the place of what all of this is about, nor leave the
            # other behind a workflow that has failed.
            workflow.logger.error("the %s of order %s still stands: %s", part, order.id, failure.cause)


def _step(order: Order, part: str) -> Step:
    return Step(
        of=order.id,
        key=f"{workflow.info().workflow_id}:{part}",
        answer_within=order.patience.answer_within,
        cents=order.cents,
    )
