"""Asks for many prices without asking too often: at most so many at once, and at most so many in any span of time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.rate_limits.activities import Question, QuoteActivities

from scenarios.rate_limits.limiters.shared import Permission, SharedLimiter, Ticket
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.limiters.token_bucket import TokenBucket


@dataclass(frozen=True)
class Patience:
    """How long one request may take, and how often it is tried.

    Attributes:
        answer_within: The request itself. Below `attempt`, so that no attempt goes on behind the workflow's back, and
            below the limiter's `reach`: it is made while that lasts, or not at all.
        attempt: One attempt, from its scheduling to its end (schedule_to_close).
        attempts: How many at most.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=8)
    attempt: timedelta = timedelta(seconds=10)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=2)


@dataclass(frozen=True)
class Errand:
    """What to ask.

    Attributes:
        requests: What prices are wanted of.
        at_once: How many requests may be under way at the same time.
        limiter: Gives the permissions; what it knows is handed from run to run. None for no limit but `at_once`.
        shared: The id of the limiter workflow that gives them instead, to all workflows that ask it.
        per_run: How many requests one run makes; behind them it continues as new.
        answers: What earlier runs were told.
        patience: How long a request may take.
    """

    requests: list[str]
    at_once: int = 5
    limiter: TokenBucket | SlidingWindow | None = None
    shared: str | None = None
    per_run: int = 1000
    answers: list[str] = field(default_factory=list)
    patience: Patience = Patience()


@workflow.defn
class AskPrices:
    """Makes every request within the limits; the answers come in the order of the requests."""

    @workflow.init
    def __init__(self, errand: Errand) -> None:
        self._limiter = errand.limiter
        self._shared = errand.shared
        self._places = asyncio.Semaphore(errand.at_once)
        self._turn = asyncio.Lock()
        self._asked = 0
        self._granted: dict[str, datetime] = {}

    @workflow.run
    async def run(self, errand: Errand) -> list[str]:
        """Ask; fails with the first request that could not be answered."""
        present, later = errand.requests[: errand.per_run], errand.requests[errand.per_run :]
        told = await asyncio.gather(*(self._ask(one, errand.patience) for one in present))
        answers = [*errand.answers, *told]
        if later:
            workflow.continue_as_new(replace(errand, requests=later, answers=answers, limiter=self._limiter))
        return answers

    @workflow.signal
    def granted(self, permission: Permission) -> None:
        """The shared limiter gives a permission."""
        self._granted[permission.number] = permission.reach

    async def _ask(self, request: str, patience: Patience) -> str:
        # The place is kept while a failed request waits for its next attempt.
        async with self._places:
            for attempt in range(1, patience.attempts):
                try:
                    return await self._attempt(request, patience)
                except ActivityError as error:
                    if is_cancelled_exception(error) or _final(error):
                        raise
                    wait = _asked_for(error) or patience.first_wait * 2 ** (attempt - 1)
                await workflow.sleep(wait)
            return await self._attempt(request, patience)

    async def _attempt(self, request: str, patience: Patience) -> str:
        # Each attempt is a request to the service, so each needs a permission, and none is left to a retry policy.
        reach = await self._permission()
        until = None if reach is None else reach - patience.answer_within
        return await workflow.execute_activity_method(
            QuoteActivities.ask_price,
            Question(request=request, answer_within=patience.answer_within, until=until),
            schedule_to_close_timeout=patience.attempt,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )

    async def _permission(self) -> datetime | None:
        """Wait for a permission; returns by when its request must have reached the service."""
        if self._shared is not None:
            self._asked += 1
            info = workflow.info()
            number = f"{info.run_id}:{self._asked}"
            ticket = Ticket(workflow_id=info.workflow_id, number=number)
            await workflow.get_external_workflow_handle(self._shared).signal(SharedLimiter.ask, ticket)
            await workflow.wait_condition(lambda: number in self._granted)
            return self._granted.pop(number)
        if self._limiter is not None:
            # One at a time, in the order of asking: who waits takes what he has waited for.
            async with self._turn:
                while wait := self._limiter.wait(workflow.now()):
                    await workflow.sleep(wait)
                self._limiter.take(workflow.now())
                return workflow.now() + self._limiter.reach
        return None


def _final(error: ActivityError) -> bool:
    return isinstance(error.cause, ApplicationError) and error.cause.non_retryable


def _asked_for(error: ActivityError) -> timedelta | None:
    return error.cause.next_retry_delay if isinstance(error.cause, ApplicationError) else None
