"""Asks a service that may fail: what is not critical falls back, what is critical ends as failed with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.error_handling.activities import Enquiry, EnquiryActivities

ATTEMPT = timedelta(seconds=10)
THREE_ATTEMPTS = RetryPolicy(maximum_attempts=3)


@dataclass(frozen=True)
class Wish:
    """What is to be found out.

    Attributes:
        text: The question; one that contains "critical" cannot do without an answer.
        answer_within: How long the service may take; below the attempt's own limit.
    """

    text: str
    answer_within: timedelta = timedelta(seconds=8)


@workflow.defn
class FindOut:
    """Returns the answer, or a fallback that says why there is none."""

    @workflow.run
    async def run(self, wish: Wish) -> str:
        """Ask, three times at most."""
        try:
            answer = await workflow.execute_activity_method(
                EnquiryActivities.ask,
                Enquiry(text=wish.text, answer_within=wish.answer_within),
                start_to_close_timeout=ATTEMPT,
                retry_policy=THREE_ATTEMPTS,
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                # Nobody wants an answer any more, nor a fallback.
                raise
            workflow.logger.warning("No answer: %s", reason(error))
            if "critical" in wish.text:
                # Marked, so that no retry policy of the workflow's begins all over again.
                raise ApplicationError("Critical operation failed", non_retryable=True) from error
            return f"Failed with fallback: {reason(error)}"
        return f"Success: {answer}"


def reason(error: ActivityError) -> str:
    """Return why an activity failed: the text of an ActivityError never says."""
    cause = error.cause
    return cause.message if isinstance(cause, FailureError) else str(error)
