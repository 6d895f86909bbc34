"""Lets the activity's error escape: the workflow's own policy begins all over again, three calls in each run."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from scenarios.payment.workflow import Paid, Request, TakePayment

TRIED_WITH = ["payment/answers_too_late"]
CONVICTED_BY = "amplification"


@workflow.defn(name="TakePayment")
class LetsTheActivityErrorEscape(TakePayment):
    """Believes that three attempts are three attempts."""

    @workflow.run
    async def run(self, request: Request) -> Paid:
        """Take the payment."""
        try:
            return await super().run(request)
        except ApplicationError as error:
            if isinstance(error.cause, ActivityError):
                raise error.cause from error.cause.cause
            raise
