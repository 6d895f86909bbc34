"""Asks the best source ten times before it falls back: the user has long gone."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.recommendations.workflow import Recommend, Recommended, Wish

TRIED_WITH = ["recommendations/ml_down"]
CONVICTED_BY = "fell_back_in_order"


@workflow.defn(name="Recommend")
class RetriesTooOften(Recommend):
    """Asks the best source ten times."""

    @workflow.run
    async def run(self, wish: Wish) -> Recommended:
        """Recommend."""
        return await super().run(replace(wish, ml=replace(wish.ml, attempts=10)))
