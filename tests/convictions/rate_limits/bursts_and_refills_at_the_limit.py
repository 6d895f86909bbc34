"""Fills a bucket of the whole limit at the whole limit, as guides print it: nearly twice as many go into a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

from scenarios.rate_limits.workflow import AskPrices, Errand

TRIED_WITH = ["rate_limits/even_flow"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="AskPrices")
class BurstsAndRefills(AskPrices):
    """Holds 100 tokens, gets 100 a minute, and starts full."""

    @workflow.init
    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        self._tokens = 100.0
        self._refilled = workflow.time()

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask."""
        return await super().run(errand)

    async def _permission(self) -> datetime | None:
        async with self._turn:
            while not self._consume():
                await workflow.sleep(timedelta(seconds=(1 - self._tokens) / (100 / 60)))
        return None

    def _consume(self) -> bool:
        now = workflow.time()
        self._tokens = min(100, self._tokens + (now - self._refilled) * 100 / 60)
        self._refilled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
