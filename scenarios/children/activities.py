"""Charges and ships one order over HTTP, and takes both back, each under a key of its own."""

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

DECLINED = "InsufficientFundsError"
"""The type of the failure when the customer cannot pay."""


@dataclass(frozen=True)
class Step:
    """One step of an order.

    Attributes:
        key: Idempotency key, the same for taking it and for taking it back, and for every attempt.
        order: Of which order.
        cents: What it costs.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    cents: int
    answer_within: timedelta


class OrderActivities:
    """The activities of one order, over one HTTP client for each service."""

    def __init__(self, *, payments: httpx2.AsyncClient, carrier: httpx2.AsyncClient) -> None:
        self._payments = payments
        self._carrier = carrier

    @activity.defn
    async def charge(self, step: Step) -> None:
        """Take the money."""
        await _ask(self._payments, "POST", "/charges", step, {"order": step.order, "cents": step.cents})

    @activity.defn
    async def refund(self, step: Step) -> None:
        """Give the money back, whether or not it was ever taken."""
        await _ask(self._payments, "POST", f"/refunds/{step.key}", step)

    @activity.defn
    async def ship(self, step: Step) -> None:
        """Hand the goods to the carrier."""
        await _ask(self._carrier, "POST", "/shipments", step, {"order": step.order, "address": "as always"})

    @activity.defn
    async def call_back(self, step: Step) -> None:
        """Call the goods back, whether or not the carrier ever had them."""
        await _ask(self._carrier, "DELETE", f"/shipments/{step.key}", step)


@asynccontextmanager
async def order_activities(*, payments: str, carrier: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=payments, verify=_trusted()) as to_payments,
        httpx2.AsyncClient(base_url=carrier, verify=_trusted()) as to_carrier,
    ):
        made = OrderActivities(payments=to_payments, carrier=to_carrier)
        yield [made.charge, made.refund, made.ship, made.call_back]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


async def _ask(service: httpx2.AsyncClient, method: str, path: str, step: Step, body: Any = None) -> None:
    headers = {"Idempotency-Key": step.key}
    timeout = step.answer_within.total_seconds()
    answer = await service.request(method, path, json=body, headers=headers, timeout=timeout)
    if answer.status_code < 400:
        return
    text = f"{path} answered {answer.status_code}"
    if answer.status_code >= 500 or answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="ServiceUnavailable")
    declined = answer.status_code == httpx2.codes.PAYMENT_REQUIRED
    raise ApplicationError(text, type=DECLINED if declined else "Refused", non_retryable=True)
