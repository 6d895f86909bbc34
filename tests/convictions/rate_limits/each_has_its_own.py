"""Each workflow has a limiter of its own, as guides print it: three of them make three times as many requests."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import AskPrices, Errand

TRIED_WITH = ["rate_limits/shared_by_three"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="AskPrices")
class EachHasItsOwn(AskPrices):
    """Knows nothing of the others."""

    @workflow.init
    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        self._shared = None
        self._limiter = SlidingWindow(limit=6, per=timedelta(seconds=3), reach=timedelta(seconds=2))

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask."""
        return await super().run(errand)
