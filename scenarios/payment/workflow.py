"""Takes a payment: it is charged once, declined with the details, or failed for good; never in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.payment.activities import Notice, Payment, PaymentActivities

CHARGE = RetryPolicy(maximum_attempts=3, non_retryable_error_types=["InsufficientFundsError", "CardDeclinedError"])
# Without a limit, a dead notification service would hold the payment for ever.
NOTIFY = RetryPolicy(maximum_attempts=3)


@dataclass(frozen=True)
class Request:
    """What is to be paid.

    Attributes:
        order: For which order.
        cents: How much.
        token: Stands for the card.
        answer_within: How long a service may take to answer; below the attempt's own limit of 30 s.
    """

    order: str
    cents: int = 4200
    token: str = "tok_visa_4242"  # noqa: S105 - it is made up
    answer_within: timedelta = timedelta(seconds=20)


@dataclass(frozen=True)
class Paid:
    """What became of a payment.

    Attributes:
        success: Whether it was made.
        transaction_id: The charge, if it was.
        error: "insufficient_funds" or "card_declined", if it was not.
        details: What the service said of it.
    """

    success: bool
    transaction_id: str | None = None
    error: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@workflow.defn
class TakePayment:
    """Charges the card, and fails marked when there is no telling whether that will ever work."""

    @workflow.run
    async def run(self, request: Request) -> Paid:
        """Take the payment."""
        try:
            transaction = await workflow.execute_activity_method(
                PaymentActivities.process_payment,
                Payment(
                    # One for each payment, whatever attempt or run it is: a lost answer charges nothing twice.
                    key=f"{workflow.info().workflow_id}:charge",
                    order=request.order,
                    cents=request.cents,
                    token=request.token,
                    answer_within=request.answer_within,
                ),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=CHARGE,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                # It ends as Canceled, not as a payment that failed; whether the card was charged, the service knows.
                raise
            # There is no activity.info() here: what is to be known of the attempt must come with the error.
            match error.cause:
                case ApplicationError(type="InsufficientFundsError") as cause:
                    await self._notify(request)
                    return Paid(success=False, error="insufficient_funds", details=cause.details[0])
                case ApplicationError(type="CardDeclinedError") as cause:
                    return Paid(success=False, error="card_declined", details=cause.details[0])
                case cause:
                    reason = cause.message if isinstance(cause, FailureError) else str(error)
                    # Marked: a retry policy of the workflow's would otherwise begin all over again.
                    raise ApplicationError(
                        f"Payment failed: {reason}", type="PaymentFailed", non_retryable=True
                    ) from error
        return Paid(success=True, transaction_id=transaction)

    async def _notify(self, request: Request) -> None:
        try:
            await workflow.execute_activity_method(
                PaymentActivities.send_notification,
                Notice(
                    key=f"{workflow.info().workflow_id}:declined",
                    order=request.order,
                    kind="payment_declined",
                    text=f"insufficient funds for {request.cents} cents",
                    answer_within=min(request.answer_within, timedelta(seconds=8)),
                ),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=NOTIFY,
            )
        except ActivityError as error:
            workflow.logger.warning("Nobody was told that %s was declined: %s", request.order, error.cause)
