"""Begins each run with a closed breaker: a service that is down gets five more calls with every continue-as-new."""

from __future__ import annotations

from temporalio import workflow

from scenarios.breaker_fallback.workflow import Answered, AskWithFallback, Breaker, Requests

TRIED_WITH = ["breaker_fallback/continues_as_new"]
CONVICTED_BY = "fell_back_in_order"


@workflow.defn(name="AskWithFallback")
class ForgetsAtContinueAsNew(AskWithFallback):
    """Hands on what is to be asked, and not what is known."""

    @workflow.init
    def __init__(self, requests: Requests) -> None:
        super().__init__(requests)
        self._breaker = Breaker()

    @workflow.run
    async def run(self, requests: Requests) -> list[Answered]:
        """Ask."""
        return await super().run(requests)
