"""Charges an order: what can pass is tried again, what cannot is answered for at once, each kind in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from scenarios.classification.activities import Charge, Notice, OrderActivities

CHARGE = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_attempts=5,
    # The errors are marked as well. Either is enough; the list also holds for activities of somebody else's.
    non_retryable_error_types=["ValidationError", "AuthenticationError", "PaymentDeclinedError"],
)
# Without a limit, a dead notification service would hold the order for ever.
NOTIFY = RetryPolicy(maximum_attempts=3)


@dataclass(frozen=True)
class Order:
    """What is to be paid for.

    Attributes:
        id: Which order.
        cents: How much.
        answer_within: How long a service may take to answer; below the attempt's own limit of 30 s.
    """

    id: str
    cents: int = 4200
    answer_within: timedelta = timedelta(seconds=20)


@dataclass(frozen=True)
class Settled:
    """What became of an order.

    Attributes:
        success: Whether it is paid.
        transaction_id: The charge, if it is.
        reason: "insufficient_funds" or "invalid_data", if it is not.
        notified: Whether the customer was told, where that was due.
    """

    success: bool
    transaction_id: str | None = None
    reason: str | None = None
    notified: bool | None = None


@workflow.defn
class SettleOrder:
    """Charges the order once, or says why not. What it has no answer to fails it, with the activity's own error."""

    @workflow.run
    async def run(self, order: Order) -> Settled:
        """Settle the order."""
        try:
            transaction = await workflow.execute_activity_method(
                OrderActivities.charge,
                Charge(
                    key=f"{workflow.info().workflow_id}:charge",
                    order=order.id,
                    cents=order.cents,
                    answer_within=order.answer_within,
                ),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=CHARGE,
            )
        except ActivityError as error:
            # What happened is the cause; the ActivityError only says that the activity failed.
            match error.cause:
                case ApplicationError(type="PaymentDeclinedError"):
                    return Settled(success=False, reason="insufficient_funds", notified=await self._notify(order))
                case ApplicationError(type="ValidationError"):
                    return Settled(success=False, reason="invalid_data")
                case _:
                    raise
        return Settled(success=True, transaction_id=transaction)

    async def _notify(self, order: Order) -> bool:
        try:
            await workflow.execute_activity_method(
                OrderActivities.notify,
                Notice(
                    key=f"{workflow.info().workflow_id}:declined",
                    order=order.id,
                    kind="payment_declined",
                    answer_within=order.answer_within,
                ),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=NOTIFY,
            )
        except ActivityError as error:
            workflow.logger.warning("The customer of %s was not told: %s", order.id, error.cause)
            return False
        return True
