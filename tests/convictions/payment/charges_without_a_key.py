"""Charges without an idempotency key, as guides do: a lost answer is a second charge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.payment.activities import Payment, payment_activities

TRIED_WITH = ["payment/answer_lost"]
CONVICTED_BY = "at_most_once"


@asynccontextmanager
async def activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with (
        payment_activities(payments=payments, notifications=notifications) as sound,
        httpx2.AsyncClient(base_url=payments) as client,
    ):
        by_name = {one.__name__: one for one in sound}
        del by_name["process_payment"]

        @activity.defn
        async def process_payment(payment: Payment) -> str:
            body = {"order": payment.order, "cents": payment.cents, "token": payment.token}
            try:
                answer = await client.post("/charges", json=body)
            except httpx2.TransportError as error:
                delay = timedelta(seconds=5) * activity.info().attempt
                raise ApplicationError(str(error), type="NetworkError", next_retry_delay=delay) from error
            return str(answer.json()["charge"])

        yield [*by_name.values(), process_payment]
