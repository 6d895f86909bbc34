"""Asks a service, and its standby when that fails; after some failures it spares the service for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.breaker_fallback.activities import FallbackActivities, Question


class State(StrEnum):
    """Whether the service is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass
class Breaker:
    """Counts failures in a row, and says whether the service may be asked.

    Attributes:
        threshold: After how many failures it opens.
        open_for: How long it then stays so, counted from the last failure. Nothing happens by itself when that is
            over: the next request is the trial. A success closes it, a failure opens it for as long again.
        state: As of the last request.
        failures: In a row.
        last_failure: When that was.
    """

    threshold: int = 5
    open_for: timedelta = timedelta(seconds=60)
    state: State = State.CLOSED
    failures: int = 0
    last_failure: datetime | None = None

    def lets_through(self, now: datetime) -> bool:
        """Whether the service may be asked."""
        if self.state is State.OPEN and self.last_failure is not None and now - self.last_failure > self.open_for:
            self.state = State.HALF_OPEN
        return self.state is not State.OPEN

    def succeeded(self) -> None:
        """The service has answered."""
        self.state, self.failures = State.CLOSED, 0

    def failed(self, now: datetime) -> None:
        """The service has failed."""
        self.failures += 1
        self.last_failure = now
        if self.state is State.HALF_OPEN or self.failures >= self.threshold:
            self.state = State.OPEN


@dataclass(frozen=True)
class Limits:
    """How long a service is waited for.

    Attributes:
        answer_within: One request; below `attempt`.
        attempt: One attempt (start_to_close).
        attempts: How many at most.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta
    attempt: timedelta
    attempts: int
    first_wait: timedelta = timedelta(seconds=1)


PRIMARY = Limits(answer_within=timedelta(seconds=9), attempt=timedelta(seconds=10), attempts=1)
STANDBY = Limits(answer_within=timedelta(seconds=4.5), attempt=timedelta(seconds=5), attempts=3)


@dataclass(frozen=True)
class Wanted:
    """One request.

    Attributes:
        name: What is asked.
        pause: How long to wait before it.
    """

    name: str
    pause: timedelta = timedelta(0)


@dataclass(frozen=True)
class Answered:
    """What became of a request.

    Attributes:
        request: Its name.
        answer: What was said.
        source: By whom: "primary" or "fallback".
        degraded: Whether it was the standby.
    """

    request: str
    answer: str
    source: str
    degraded: bool


@dataclass(frozen=True)
class Requests:
    """What is to be asked.

    Attributes:
        wanted: One after the other.
        breaker: What is known of the service; handed from run to run.
        per_run: How many requests one run makes; behind them it continues as new.
        answered: What earlier runs were told.
        primary: The limits of the service.
        standby: Those of its standby.
    """

    wanted: list[Wanted]
    breaker: Breaker = field(default_factory=Breaker)
    per_run: int = 1000
    answered: list[Answered] = field(default_factory=list)
    primary: Limits = PRIMARY
    standby: Limits = STANDBY


@workflow.defn
class AskWithFallback:
    """Answers every request; fails when the standby fails, too.

    What it knows of the service is its own: other workflows have to find out for themselves.
    """

    @workflow.init
    def __init__(self, requests: Requests) -> None:
        self._breaker = requests.breaker

    @workflow.run
    async def run(self, requests: Requests) -> list[Answered]:
        """Ask; one after the other, so that a trial is one request and no more."""
        answered = list(requests.answered)
        for wanted in requests.wanted[: requests.per_run]:
            if wanted.pause:
                await workflow.sleep(wanted.pause)
            answered.append(await self._answer(wanted.name, requests))
        if later := requests.wanted[requests.per_run :]:
            workflow.continue_as_new(replace(requests, wanted=later, answered=answered, breaker=self._breaker))
        return answered

    async def _answer(self, request: str, requests: Requests) -> Answered:
        if self._breaker.lets_through(workflow.now()):
            try:
                said = await _call(FallbackActivities.call_primary_service, request, requests.primary)
            except ActivityError as error:
                # Not the service's failure: somebody wants an end.
                if is_cancelled_exception(error):
                    raise
                self._breaker.failed(workflow.now())
            else:
                self._breaker.succeeded()
                return Answered(request=request, answer=said, source="primary", degraded=False)
        said = await _call(FallbackActivities.call_fallback_service, request, requests.standby)
        return Answered(request=request, answer=said, source="fallback", degraded=True)


async def _call(ask: Callable[[FallbackActivities, Question], Awaitable[str]], request: str, limits: Limits) -> str:
    return await workflow.execute_activity_method(
        ask,
        Question(request=request, answer_within=limits.answer_within),
        start_to_close_timeout=limits.attempt,
        retry_policy=RetryPolicy(initial_interval=limits.first_wait, maximum_attempts=limits.attempts),
    )
