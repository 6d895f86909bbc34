"""Charges an order over HTTP: one request, whose answer says whether the service is up."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Charge:
    """What to charge.

    Attributes:
        key: Idempotency key of the order.
        order: Which order.
        cents: How much.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    cents: int
    answer_within: timedelta


class ChargeActivities:
    """The activity of the charging workflow, over one HTTP client."""

    def __init__(self, payments: httpx2.AsyncClient) -> None:
        self._payments = payments

    @activity.defn
    async def charge(self, wanted: Charge) -> str:
        """Charge the order; returns the charge's id."""
        answer = await self._payments.post(
            "/charges",
            json={"order": wanted.order, "cents": wanted.cents},
            headers={"Idempotency-Key": wanted.key},
            timeout=wanted.answer_within.total_seconds(),
        )
        if answer.status_code >= 400:
            raise ApplicationError(f"/charges answered {answer.status_code}", type="ServiceUnavailable")
        return str(answer.json()["charge"])


@asynccontextmanager
async def charge_activities(*, payments: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=payments, verify=_trusted()) as client:
        yield [ChargeActivities(client).charge]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
