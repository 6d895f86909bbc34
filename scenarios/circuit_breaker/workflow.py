"""Charges orders through a circuit breaker: a service that is down is left alone until it may be up again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.circuit_breaker.activities import Charge, ChargeActivities

MEMO = "circuit_breaker"
"""The memo that tells the state of the breaker: in the history, and to whoever lists or describes the workflow."""


@dataclass(frozen=True)
class Limits:
    """When the breaker changes. The defaults are meant for production.

    Attributes:
        failures: So many in a row open it.
        open_for: From the last of them until a call is let through to try.
        successes: So many calls on trial close it; one that fails opens it again.
    """

    failures: int = 5
    open_for: timedelta = timedelta(seconds=60)
    successes: int = 2


class State(StrEnum):
    """What the breaker does with a call."""

    CLOSED = "closed"
    """Lets it through."""
    OPEN = "open"
    """Holds it back."""
    HALF_OPEN = "half_open"
    """Lets one at a time through, on trial."""


class Breaker:
    """Counts failures in a row, and says who may call. It knows no clock but the times that it is told.

    A call gets a ticket when it is let through. Its outcome counts only while the breaker has not changed since: a
    call that was under way when the breaker opened says nothing about whether the service has recovered.
    """

    def __init__(self, limits: Limits) -> None:
        self.state = State.CLOSED
        self.failures = 0
        self.on_trial = False
        self._limits = limits
        self._successes = 0
        self._last_failure = datetime.min.replace(tzinfo=UTC)
        self._ticket = 0

    def let_through(self, now: datetime) -> int | None:
        """Return a ticket, or None for a call that is held back."""
        if self.state is State.OPEN and now >= self.tries_again_at:
            self._successes = 0
            self._turn(State.HALF_OPEN)
        if self.state is State.OPEN or self.on_trial:
            return None
        self.on_trial = self.state is State.HALF_OPEN
        return self._ticket

    @property
    def tries_again_at(self) -> datetime:
        """Until when an open breaker holds back everything."""
        return self._last_failure + self._limits.open_for

    def succeeded(self, ticket: int) -> None:
        """The call with this ticket did."""
        if ticket != self._ticket:
            return
        if self.state is State.CLOSED:
            self.failures = 0
            return
        self.on_trial = False
        self._successes += 1
        if self._successes >= self._limits.successes:
            self.failures = 0
            self._turn(State.CLOSED)

    def failed(self, ticket: int, now: datetime) -> None:
        """The call with this ticket did."""
        if ticket != self._ticket:
            return
        self.failures += 1
        self._last_failure = now
        if self.state is State.HALF_OPEN or self.failures >= self._limits.failures:
            self._turn(State.OPEN)

    def _turn(self, state: State) -> None:
        self.state = state
        self.on_trial = False
        self._ticket += 1
        workflow.upsert_memo({MEMO: {"state": state, "failures": self.failures}})


@dataclass(frozen=True)
class Wave:
    """Orders that come at the same time.

    Attributes:
        orders: Their names.
        after: How long after the wave before has been seen to.
    """

    orders: list[str]
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class Batch:
    """What to charge.

    Attributes:
        waves: One after the other.
        cents: How much, each order.
        patient: Whether an order that is held back waits until it is let through; else it is rejected at once.
        limits: When the breaker changes.
        answer_within: How long the service may take for one request. Below `attempt_within`.
        attempt_within: The activity's start_to_close.
    """

    waves: list[Wave]
    cents: int = 100
    patient: bool = False
    limits: Limits = field(default_factory=Limits)
    answer_within: timedelta = timedelta(seconds=8)
    attempt_within: timedelta = timedelta(seconds=10)


@dataclass(frozen=True)
class Result:
    """What became of one order.

    Attributes:
        order: Which.
        status: "charged", "failed", or "rejected" for one that the breaker held back.
        said: The charge's id, or the type and the text of what went wrong.
    """

    order: str
    status: str
    said: str


@dataclass
class Charged:
    """What became of all of them, in the order in which it became known."""

    total: int = 0
    successful: int = 0
    failed: int = 0
    rejected: int = 0
    results: list[Result] = field(default_factory=list)


@workflow.defn
class ChargeOrders:
    """Charges orders, each with one call at most, and none while the service is known to be down."""

    @workflow.init
    def __init__(self, batch: Batch) -> None:
        self._breaker = Breaker(batch.limits)
        self._charged = Charged()

    @workflow.run
    async def run(self, batch: Batch) -> Charged:
        """Charge them, wave after wave. One that fails is recorded, and the others go on."""
        for wave in batch.waves:
            if wave.after:
                await workflow.sleep(wave.after)
            await asyncio.gather(*(self._see_to(order, batch) for order in wave.orders))
        return self._charged

    @workflow.query
    def breaker(self) -> dict[str, str | int]:
        """The breaker's state now. An open one turns half open only with the next call."""
        return {"state": self._breaker.state, "failures": self._breaker.failures}

    async def _see_to(self, order: str, batch: Batch) -> None:
        charged = self._charged
        charged.total += 1
        try:
            result = Result(order=order, status="charged", said=await self._charge(order, batch))
            charged.successful += 1
        except (ActivityError, ApplicationError) as error:
            # Both: a call that failed is an ActivityError, and only what this code raises itself is the other (CB-006).
            if is_cancelled_exception(error):
                raise
            reason = _reason(error)
            rejected = reason.type == "CircuitBreakerOpen"
            charged.rejected += rejected
            charged.failed += not rejected
            status = "rejected" if rejected else "failed"
            result = Result(order=order, status=status, said=f"{reason.type}: {reason.message}")
        charged.results.append(result)

    async def _charge(self, order: str, batch: Batch) -> str:
        ticket = await self._let_through(batch)
        try:
            charge = await workflow.execute_activity_method(
                ChargeActivities.charge,
                Charge(
                    key=f"{workflow.info().workflow_id}:{order}",
                    order=order,
                    cents=batch.cents,
                    answer_within=batch.answer_within,
                ),
                start_to_close_timeout=batch.attempt_within,
                # One activity is one call: retries would be calls that the breaker neither counts nor holds back.
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except ActivityError as error:
            if not is_cancelled_exception(error):
                self._breaker.failed(ticket, workflow.now())
            raise
        self._breaker.succeeded(ticket)
        return charge

    async def _let_through(self, batch: Batch) -> int:
        breaker = self._breaker
        while (ticket := breaker.let_through(workflow.now())) is None:
            if not batch.patient:
                text = f"Circuit breaker is {breaker.state.name} (failures: {breaker.failures})"
                raise ApplicationError(text, type="CircuitBreakerOpen", non_retryable=True)
            if breaker.state is State.OPEN:
                await workflow.sleep(breaker.tries_again_at - workflow.now())
            else:
                await workflow.wait_condition(lambda: not breaker.on_trial)
        return ticket


def _reason(failure: BaseException) -> ApplicationError:
    """What is behind a failure; the text of an ActivityError itself says nothing (ERR-004)."""
    while failure.__cause__ is not None and not isinstance(failure, ApplicationError):
        failure = failure.__cause__
    return (
        failure
        if isinstance(failure, ApplicationError)
        else ApplicationError(str(failure), type=type(failure).__name__)
    )
