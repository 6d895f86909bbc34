"""Pays for an order and ships it over HTTP, under keys that every attempt shares."""

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
class Step:
    """One step of an order.

    Attributes:
        order: Which order.
        key: Idempotency key, the same for the step, its undo, and every attempt of both.
        cents: What the order costs.
        answer_within: How long the service may take to answer.
    """

    order: str
    key: str
    cents: int
    answer_within: timedelta


class OrderActivities:
    """The activities of the order workflow, over one HTTP client for each service."""

    def __init__(self, *, payments: httpx2.AsyncClient, parcels: httpx2.AsyncClient) -> None:
        self._payments = payments
        self._parcels = parcels

    @activity.defn
    async def charge(self, step: Step) -> str:
        """Charge the card; returns the charge's id."""
        answer = await self._payments.post(
            "/charges",
            json={"order": step.order, "cents": step.cents},
            headers=self._headers(step),
            timeout=step.answer_within.total_seconds(),
        )
        return str(_read(answer)["charge"])

    @activity.defn
    async def refund(self, step: Step) -> None:
        """Give the money back, whether or not it was ever taken."""
        _read(await self._payments.post(f"/refunds/{step.key}", timeout=step.answer_within.total_seconds()))

    @activity.defn
    async def ship(self, step: Step) -> str:
        """Have the parcel shipped; returns the booking."""
        answer = await self._parcels.post(
            "/bookings",
            json={"trip": step.order, "item": "parcel"},
            headers=self._headers(step),
            timeout=step.answer_within.total_seconds(),
        )
        return str(_read(answer)["booking"])

    def _headers(self, step: Step) -> dict[str, str]:
        # A worker may die after the effect and before anybody hears of it; the key makes the next attempt find it.
        return {"Idempotency-Key": step.key}


@asynccontextmanager
async def order_activities(*, payments: str, parcels: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    trusted = _trusted()
    async with (
        httpx2.AsyncClient(base_url=payments, verify=trusted) as to_payments,
        httpx2.AsyncClient(base_url=parcels, verify=trusted) as to_parcels,
    ):
        made = OrderActivities(payments=to_payments, parcels=to_parcels)
        yield [made.charge, made.refund, made.ship]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _read(answer: httpx2.Response) -> Any:
    """The body of an answer; an HTTP error becomes a failure that says whether to try again."""
    if answer.status_code < 400:
        return answer.json()
    text = f"{answer.request.url.path} answered {answer.status_code}: {answer.text}"
    if answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Declined", non_retryable=True)
    raise ApplicationError(text, type="ServiceUnavailable")
