"""An order is reserved, paid and shipped: all of it, or nothing of it stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from scenarios.fulfilment.activities import INSUFFICIENT_FUNDS, FulfilmentActivities, Order, Step

Do = Callable[[FulfilmentActivities, Step], Coroutine[Any, Any, str]]
Undo = Callable[[FulfilmentActivities, Step], Coroutine[Any, Any, None]]

LEFT_STANDING = "left_standing"
"""The memo that names the steps that could not be undone: anybody who lists workflows sees it."""


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services that fail. The defaults are meant for production.

    Attributes:
        answer_within: For one request. Below `attempt_within`, so that an attempt ends before its activity does.
        attempt_within: The activities' start_to_close.
        ship_within: That of the shipment.
        attempts: Of each step. Never 0, which is for ever: the code that undoes would not be reached (CMP-004).
        first_wait: Before its second attempt; doubles with each further one.
        undo_attempts: Of each compensation.
        undo_first_wait: Before its second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    ship_within: timedelta = timedelta(minutes=5)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)
    undo_attempts: int = 5
    undo_first_wait: timedelta = timedelta(seconds=2)


PRODUCTION = Patience()


@dataclass(frozen=True)
class Fulfilled:
    """What became of an order that was not ended by a failure.

    Attributes:
        success: Whether it is paid for and on its way.
        tracking: The carrier's number, else "".
        error: Why not, else "".
    """

    success: bool
    tracking: str = ""
    error: str = ""


@workflow.defn
class FulfilOrder:
    """Reserves, charges and ships. Failing or cancelled, it undoes what was begun before it says so."""

    def __init__(self) -> None:
        self._undo: list[tuple[str, Undo, Step]] = []
        self._left_standing: list[str] = []

    @workflow.run
    async def run(self, order: Order, patience: Patience = PRODUCTION) -> Fulfilled:
        """Fulfil the order. A customer who cannot pay is a result, any other failure is the workflow's."""
        try:
            await self._take("inventory", order, FulfilmentActivities.reserve, FulfilmentActivities.release, patience)
            await self._take("payment", order, FulfilmentActivities.charge, FulfilmentActivities.refund, patience)
            tracking = await self._take(
                "shipment", order, FulfilmentActivities.ship, FulfilmentActivities.call_back, patience
            )
        except (ActivityError, asyncio.CancelledError) as failure:
            if await self._compensate(patience):
                raise asyncio.CancelledError from failure
            if _refusal(failure) == INSUFFICIENT_FUNDS:
                return Fulfilled(success=False, error="Payment declined: Insufficient funds")
            raise
        return Fulfilled(success=True, tracking=tracking)

    async def _take(self, part: str, order: Order, do: Do, undo: Undo, patience: Patience) -> str:
        info = workflow.info()
        # A run that a retry policy adds needs keys of its own: those of the run before were taken back (CMP-008).
        key = f"{info.workflow_id}:{info.attempt}:{part}"
        step = Step(key=key, order=order, answer_within=patience.answer_within)
        # Before the call, under a key known beforehand: what was done and not answered is undone, too (CMP-007).
        self._undo.append((part, undo, step))
        try:
            return await workflow.execute_activity_method(
                do,
                step,
                start_to_close_timeout=patience.ship_within if part == "shipment" else patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            )
        except ActivityError as failure:
            if _refusal(failure):
                # A service that said no has done nothing, in no attempt: they all had the same key.
                self._undo.pop()
            raise

    async def _compensate(self, patience: Patience) -> bool:
        """Undo everything begun. Returns whether the order was cancelled meanwhile, which does not stop it."""
        undoing = asyncio.create_task(self._undo_all(patience))
        cancelled = False
        while not undoing.done():
            try:
                await asyncio.shield(undoing)
            except asyncio.CancelledError:
                cancelled = True
        undoing.result()
        if self._left_standing:
            workflow.upsert_memo({LEFT_STANDING: self._left_standing})
        return cancelled

    async def _undo_all(self, patience: Patience) -> None:
        while self._undo:
            part, undo, step = self._undo.pop()
            try:
                await workflow.execute_activity_method(
                    undo,
                    step,
                    start_to_close_timeout=patience.attempt_within,
                    retry_policy=RetryPolicy(
                        initial_interval=patience.undo_first_wait, maximum_attempts=patience.undo_attempts
                    ),
                )
            except ActivityError as failure:
                # Each on its own: else a refund that fails would keep the goods reserved, and take the place of the
                # failure that all of this is about (CMP-005).
                workflow.logger.error("the %s of %s could not be undone: %s", part, step.key, failure.cause)
                self._left_standing.append(part)


def _refusal(failure: BaseException) -> str:
    """The type of a definite no; "" when nobody can know what the service has done."""
    cause = failure.__cause__
    return cause.type or "" if isinstance(cause, ApplicationError) and cause.non_retryable else ""
