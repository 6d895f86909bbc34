"""Raises an ApplicationError that is not marked: the workflow's own policy begins all over again, three times three."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.error_handling.workflow import FindOut, Wish

TRIED_WITH = ["error_handling/critical_is_reset"]
CONVICTED_BY = "attempts"


@workflow.defn(name="FindOut")
class LeavesTheFailureUnmarked(FindOut):
    """Believes that three attempts are three attempts."""

    @workflow.run
    async def run(self, wish: Wish) -> str:
        """Ask, three times at most."""
        try:
            return await super().run(wish)
        except ApplicationError as error:
            raise ApplicationError(error.message) from error.cause
