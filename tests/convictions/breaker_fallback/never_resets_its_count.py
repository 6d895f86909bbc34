"""Counts failures and forgets that there were successes between them: it opens although the service mostly works."""

from __future__ import annotations

from temporalio import workflow

from scenarios.breaker_fallback.workflow import Answered, AskWithFallback, Breaker, Requests, State

TRIED_WITH = ["breaker_fallback/fails_four_in_a_row"]
CONVICTED_BY = "fell_back_in_order"


class _Counts(Breaker):
    """Has no memory of successes."""

    def succeeded(self) -> None:
        """Close, and keep the count."""
        self.state = State.CLOSED


@workflow.defn(name="AskWithFallback")
class NeverResetsItsCount(AskWithFallback):
    """Opens after five failures in all."""

    @workflow.init
    def __init__(self, requests: Requests) -> None:
        super().__init__(requests)
        self._breaker = _Counts()

    @workflow.run
    async def run(self, requests: Requests) -> list[Answered]:
        """Ask."""
        return await super().run(requests)
