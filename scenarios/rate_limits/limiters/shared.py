"""One limiter for all workflows that ask the same service: a workflow that gives the permissions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.limiters.token_bucket import TokenBucket


@dataclass(frozen=True)
class Ticket:
    """Who wants a permission.

    Attributes:
        workflow_id: The workflow to tell, by its signal `granted`.
        number: What to tell it; its own for each permission.
    """

    workflow_id: str
    number: str


@dataclass(frozen=True)
class Permission:
    """What the limiter says to who asked.

    Attributes:
        number: The ticket's.
        reach: By when the request must have reached the service, or not be made.
    """

    number: str
    reach: datetime


@dataclass(frozen=True)
class Shared:
    """All that the limiter knows: it goes from run to run.

    Attributes:
        limiter: Gives the permissions. Their `reach` begins here: it covers the way of the permission, too.
        per_run: How many permissions one run gives; behind them it continues as new.
        waiting: Who has asked and has got none yet.
        given: How many permissions were given so far.
        closing: Whether it was told to close.
    """

    limiter: TokenBucket | SlidingWindow
    per_run: int = 1000
    waiting: list[Ticket] = field(default_factory=list)
    given: int = 0
    closing: bool = False


@workflow.defn
class SharedLimiter:
    """Gives permissions in the order in which they were asked for, until it is told to close."""

    @workflow.init
    def __init__(self, shared: Shared) -> None:
        # Here and not in `run`: a signal may come before that has begun.
        self._waiting = list(shared.waiting)
        self._closing = shared.closing

    @workflow.run
    async def run(self, shared: Shared) -> int:
        """Give permissions; returns how many were given."""
        limiter, given = shared.limiter, 0
        while True:
            await workflow.wait_condition(lambda: bool(self._waiting) or self._closing)
            if not self._waiting:
                return shared.given + given
            if given == shared.per_run:
                # No await between here and the end: whoever has asked is in the list, and the list is handed on.
                known = replace(shared, limiter=limiter, waiting=self._waiting, given=shared.given + given)
                workflow.continue_as_new(replace(known, closing=self._closing))
            while wait := limiter.wait(workflow.now()):
                await workflow.sleep(wait)
            limiter.take(workflow.now())
            await self._tell(self._waiting.pop(0), workflow.now() + limiter.reach)
            given += 1

    @workflow.signal
    def ask(self, ticket: Ticket) -> None:
        """Somebody wants a permission."""
        self._waiting.append(ticket)

    @workflow.signal
    def close(self) -> None:
        """End once nobody waits any more."""
        self._closing = True

    async def _tell(self, ticket: Ticket, reach: datetime) -> None:
        try:
            permission = Permission(number=ticket.number, reach=reach)
            await workflow.get_external_workflow_handle(ticket.workflow_id).signal("granted", permission)
        except ApplicationError:
            # It is there no more, and so is its permission; the others still want theirs.
            workflow.logger.info("nobody there to take a permission", extra={"workflow": ticket.workflow_id})
