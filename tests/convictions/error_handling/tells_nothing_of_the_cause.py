"""Reports the text of the ActivityError, as guides do: "Activity task failed", whatever happened."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from scenarios.error_handling.workflow import FindOut, Wish

with workflow.unsafe.imports_passed_through():
    from scenarios.error_handling.activities import Enquiry, EnquiryActivities

TRIED_WITH = ["error_handling/unavailable", "error_handling/invalid"]
CONVICTED_BY = "outcome"


@workflow.defn(name="FindOut")
class TellsNothingOfTheCause(FindOut):
    """Believes that the error says why."""

    @workflow.run
    async def run(self, wish: Wish) -> str:
        """Ask, three times at most."""
        try:
            answer = await workflow.execute_activity_method(
                EnquiryActivities.ask,
                Enquiry(text=wish.text, answer_within=wish.answer_within),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=RetryPolicy(maximum_attempts=3),
            )
        except ActivityError as error:
            return f"Failed with fallback: {error}"
        return f"Success: {answer}"
