"""Counts a cancellation as a failure, as guides print it: it asks the standby, and completes."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from scenarios.breaker_fallback.workflow import Answered, AskWithFallback, Requests

with workflow.unsafe.imports_passed_through():
    from scenarios.breaker_fallback.activities import FallbackActivities, Question

TRIED_WITH = ["breaker_fallback/cancelled_while_primary_hangs"]
CONVICTED_BY = "fell_back_in_order"


@workflow.defn(name="AskWithFallback")
class CountsACancellation(AskWithFallback):
    """Catches every ActivityError."""

    @workflow.run
    async def run(self, requests: Requests) -> list[Answered]:
        """Ask."""
        return await super().run(requests)

    async def _answer(self, request: str, requests: Requests) -> Answered:
        try:
            return await super()._answer(request, requests)
        except ActivityError:
            self._breaker.failed(workflow.now())
        said = await workflow.execute_activity_method(
            FallbackActivities.call_fallback_service,
            Question(request=request, answer_within=requests.standby.answer_within),
            start_to_close_timeout=requests.standby.attempt,
        )
        return Answered(request=request, answer=said, source="fallback", degraded=True)
