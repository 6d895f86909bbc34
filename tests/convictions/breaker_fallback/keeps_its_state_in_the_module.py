"""Keeps the breaker in a module that all runs of the process share: a replay begins where the run ended."""

from __future__ import annotations

from temporalio import workflow

from scenarios.breaker_fallback.workflow import Answered, AskWithFallback, Requests

with workflow.unsafe.imports_passed_through():
    from scenarios.breaker_fallback import activities as shared

TRIED_WITH = ["breaker_fallback/primary_down"]
CONVICTED_BY = "replays_cleanly"


@workflow.defn(name="AskWithFallback")
class KeepsItsStateInTheModule(AskWithFallback):
    """Remembers in the process."""

    @workflow.init
    def __init__(self, requests: Requests) -> None:
        super().__init__(requests)
        if not hasattr(shared, "breaker_of_all"):
            shared.breaker_of_all = self._breaker  # type: ignore[attr-defined]
        self._breaker = shared.breaker_of_all  # type: ignore[attr-defined]

    @workflow.run
    async def run(self, requests: Requests) -> list[Answered]:
        """Ask."""
        return await super().run(requests)
