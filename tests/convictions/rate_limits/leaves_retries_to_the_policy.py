"""Takes one permission for a request and leaves its retries to the policy: they come in without any."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from scenarios.rate_limits.workflow import AskPrices, Errand, Patience

with workflow.unsafe.imports_passed_through():
    from scenarios.rate_limits.activities import Question, QuoteActivities

TRIED_WITH = ["rate_limits/attempts_need_permission"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="AskPrices")
class LeavesRetriesToThePolicy(AskPrices):
    """Counts requests, where the service counts attempts."""

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask."""
        return await super().run(errand)

    async def _attempt(self, request: str, patience: Patience) -> str:
        await self._permission()
        return await workflow.execute_activity_method(
            QuoteActivities.ask_price,
            Question(request=request, answer_within=patience.answer_within),
            start_to_close_timeout=timedelta(seconds=30),
        )
