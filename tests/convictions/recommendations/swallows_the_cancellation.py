"""Takes a cancellation for a failure, as guides print it: it asks the next source, and completes."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from scenarios.recommendations.workflow import Recommend, Recommended, Wish

with workflow.unsafe.imports_passed_through():
    from scenarios.recommendations.activities import RecommendationActivities

TRIED_WITH = ["recommendations/cancelled_while_ml_hangs"]
CONVICTED_BY = "fell_back_in_order"


@workflow.defn(name="Recommend")
class SwallowsTheCancellation(Recommend):
    """Catches every ActivityError."""

    @workflow.run
    async def run(self, wish: Wish) -> Recommended:
        """Recommend."""
        ask = RecommendationActivities
        try:
            return await self._answer(wish.user, "ml", ask.get_ml_recommendations, wish.ml)
        except ActivityError:
            try:
                return await self._answer(wish.user, "rules", ask.get_rule_based_recommendations, wish.rules)
            except ActivityError:
                return await self._answer(wish.user, "popular", ask.get_popular_items, wish.popular)
