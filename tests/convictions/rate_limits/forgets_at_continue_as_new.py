"""Makes a new limiter for each run: with every continue-as-new the whole limit is there again."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.limiters.token_bucket import TokenBucket
from scenarios.rate_limits.workflow import AskPrices, Errand

TRIED_WITH = ["rate_limits/hundred_a_minute", "rate_limits/even_flow"]
CONVICTED_BY = "rate_kept"


@workflow.defn(name="AskPrices")
class ForgetsAtContinueAsNew(AskPrices):
    """Begins as if nothing had been asked before."""

    @workflow.init
    def __init__(self, errand: Errand) -> None:
        super().__init__(errand)
        if isinstance(self._limiter, SlidingWindow):
            self._limiter = replace(self._limiter, given=[])
        elif isinstance(self._limiter, TokenBucket):
            self._limiter = replace(self._limiter, tokens=None, since=None)

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask."""
        return await super().run(errand)
