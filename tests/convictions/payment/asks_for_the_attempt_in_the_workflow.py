"""Logs activity.info().attempt when a payment fails, in the workflow, as guides do: every such payment is blocked."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.exceptions import ActivityError

from scenarios.payment.workflow import CHARGE, Paid, Request, TakePayment

with workflow.unsafe.imports_passed_through():
    from scenarios.payment.activities import Payment, PaymentActivities

TRIED_WITH = ["payment/insufficient_funds", "payment/answers_garbled"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="TakePayment")
class AsksForTheAttemptInTheWorkflow(TakePayment):
    """Has never been run with a payment that fails."""

    @workflow.run
    async def run(self, request: Request) -> Paid:
        """Take the payment."""
        try:
            transaction = await workflow.execute_activity_method(
                PaymentActivities.process_payment,
                Payment(
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
            workflow.logger.error("Attempt %d failed: %s", activity.info().attempt, error.cause)
            raise
        return Paid(success=True, transaction_id=transaction)
