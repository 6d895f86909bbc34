"""The shared limiter hands on who waits, and not what it has given: each of its runs has the whole limit."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.rate_limits.limiters.shared import Shared, SharedLimiter
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow

TRIED_WITH = ["rate_limits/shared_by_three"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="SharedLimiter")
class SharedLimiterForgets(SharedLimiter):
    """Begins as if nothing had been given before."""

    @workflow.run
    async def run(self, shared: Shared) -> int:
        """Give permissions."""
        limiter = SlidingWindow(limit=shared.limiter.limit, per=shared.limiter.per, reach=shared.limiter.reach)
        return await super().run(replace(shared, limiter=limiter))
