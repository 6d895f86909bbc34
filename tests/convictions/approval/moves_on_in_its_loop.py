"""Its turn moves on with its loop, as guides print it: of two who approve in between, the second is lost."""

from __future__ import annotations

from contextlib import suppress

from temporalio import workflow

from scenarios.approval.workflow import Approve, Level, Request, Settled

TRIED_WITH = ["approval/both_at_once"]
CONVICTED_BY = "outcome"


@workflow.defn(name="Approve")
class MovesOnInItsLoop(Approve):
    """Whose turn it is stands in a field that the loop sets."""

    @workflow.init
    def __init__(self, request: Request) -> None:
        """Know the levels."""
        super().__init__(request)
        self._current = self._levels[0]

    @workflow.run
    async def run(self, request: Request) -> Settled:
        """See the request to its end."""
        return await super().run(request)

    def _turn(self) -> Level | None:
        turn = super()._turn()
        return turn if turn is self._current else None

    async def _wait_for(self, level: Level) -> None:
        self._current = level
        await self._ask(level)
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: level.name in self._decisions, timeout=level.within)
