"""Counts from one full minute to the next: the end of one and the beginning of another let twice as many through."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow

from scenarios.rate_limits.workflow import AskPrices, Errand

TRIED_WITH = ["rate_limits/hundred_a_minute"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="AskPrices")
class CountsInFixedWindows(AskPrices):
    """Begins to count again with each minute, and this one is nearly over."""

    @workflow.init
    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        self._minute = 0
        self._count = 0

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask, ten seconds before the minute is over."""
        await workflow.sleep(timedelta(seconds=(50 - workflow.time()) % 60))
        return await super().run(errand)

    async def _permission(self) -> datetime | None:
        async with self._turn:
            if self._count == 100:
                await workflow.sleep(timedelta(seconds=60 - workflow.time() % 60))
            minute = int(workflow.time() // 60)
            if minute != self._minute:
                self._minute, self._count = minute, 0
            self._count += 1
        return None
