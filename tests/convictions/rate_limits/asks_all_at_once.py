"""Starts every request at once: a task for each is no limit."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.rate_limits.workflow import AskPrices, Errand

TRIED_WITH = ["rate_limits/all_well"]
CONVICTED_BY = "concurrency_kept"


@workflow.defn(name="AskPrices")
class AsksAllAtOnce(AskPrices):
    """Has a semaphore of its own for each request."""

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask."""
        self._places = asyncio.Semaphore(len(errand.requests))
        return await super().run(errand)
