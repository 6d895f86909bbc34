"""Answers from the rules and says nothing of it: nobody sees that the best source is down."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.recommendations.workflow import Recommend, Recommended, Wish

TRIED_WITH = ["recommendations/ml_down", "recommendations/rules_down_too"]
CONVICTED_BY = "fell_back_in_order"


@workflow.defn(name="Recommend")
class PassesItOff(Recommend):
    """Never says that it is degraded."""

    @workflow.run
    async def run(self, wish: Wish) -> Recommended:
        """Recommend."""
        return replace(await super().run(wish), degraded=False)
