"""Begins to wait when somebody was told, as guides print it: where nobody can be told, no time ever runs out."""

from __future__ import annotations

from contextlib import suppress

from temporalio import workflow

from scenarios.approval.workflow import Approve, Level, Request, Settled

TRIED_WITH = ["approval/notifier_down"]
CONVICTED_BY = "outcome"


@workflow.defn(name="Approve")
class WaitsForItsNoticeFirst(Approve):
    """Asks, then waits. As printed it would ask for ever; here the notice has a day, and then fails the request."""

    @workflow.init
    def __init__(self, request: Request) -> None:
        """Know the levels."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: Request) -> Settled:
        """See the request to its end."""
        return await super().run(request)

    async def _wait_for(self, level: Level) -> None:
        await self._ask(level)
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: level.name in self._decisions, timeout=level.within)
