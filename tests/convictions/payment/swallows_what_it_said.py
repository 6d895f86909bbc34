"""Catches every exception around the refusals it raises, as guides do: they become unexpected, and are repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.payment.activities import Payment, payment_activities

TRIED_WITH = ["payment/insufficient_funds", "payment/card_declined"]
CONVICTED_BY = "amplification"


@asynccontextmanager
async def activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with payment_activities(payments=payments, notifications=notifications) as sound:
        by_name = {one.__name__: one for one in sound}
        charging = by_name.pop("process_payment")

        @activity.defn
        async def process_payment(payment: Payment) -> str:
            try:
                return str(await charging(payment))
            except Exception as error:
                raise ApplicationError(f"{type(error).__name__}: {error}", type="UnexpectedError") from error

        yield [*by_name.values(), process_payment]
