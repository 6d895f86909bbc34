"""Takes a notification that cannot be sent for a payment that failed."""

from __future__ import annotations

from temporalio import workflow

from scenarios.payment.workflow import NOTIFY, Paid, Request, TakePayment

with workflow.unsafe.imports_passed_through():
    from scenarios.payment.activities import Notice, PaymentActivities

TRIED_WITH = ["payment/nobody_can_be_told"]
CONVICTED_BY = "outcome"


@workflow.defn(name="TakePayment")
class InsistsOnTelling(TakePayment):
    """Loses the result over it."""

    @workflow.run
    async def run(self, request: Request) -> Paid:
        """Take the payment."""
        return await super().run(request)

    async def _notify(self, request: Request) -> None:
        await workflow.execute_activity_method(
            PaymentActivities.send_notification,
            Notice(
                key=f"{workflow.info().workflow_id}:declined",
                order=request.order,
                kind="payment_declined",
                text="",
                answer_within=request.answer_within,
            ),
            start_to_close_timeout=request.answer_within,
            retry_policy=NOTIFY,
        )
