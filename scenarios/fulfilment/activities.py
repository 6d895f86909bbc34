"""Reserves, charges and ships over HTTP, and takes each of it back, safely to be repeated.

Every request carries the step's idempotency key and ends before its activity does, so that no attempt does anything
twice, or behind the workflow's back.
"""

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

INSUFFICIENT_FUNDS = "InsufficientFundsError"
"""The type of the failure when the customer cannot pay."""


@dataclass(frozen=True)
class Order:
    """What a customer ordered.

    Attributes:
        id: Names the order at all services.
        items: Which goods.
        cents: What they cost.
        card: Stands for the customer's card.
        address: Where the goods go.
    """

    id: str
    items: list[str]
    cents: int
    card: str
    address: str


@dataclass(frozen=True)
class Step:
    """One step of an order to take, or to take back.

    Attributes:
        key: Idempotency key, the same for taking and taking back, and for every attempt.
        order: Of which order.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: Order
    answer_within: timedelta


class FulfilmentActivities:
    """The activities of an order, over one HTTP client for each service."""

    def __init__(
        self, *, inventory: httpx2.AsyncClient, payments: httpx2.AsyncClient, carrier: httpx2.AsyncClient
    ) -> None:
        self._inventory = inventory
        self._payments = payments
        self._carrier = carrier

    @activity.defn
    async def reserve(self, step: Step) -> str:
        """Set the goods aside; returns the reservation."""
        order = step.order
        answer = await _ask(self._inventory, "/reservations", step, {"order": order.id, "items": order.items})
        return str(answer["reservation"])

    @activity.defn
    async def release(self, step: Step) -> None:
        """Release the goods, whether or not they were ever set aside."""
        await _ask(self._inventory, f"/reservations/{step.key}", step, method="DELETE")

    @activity.defn
    async def charge(self, step: Step) -> str:
        """Charge the card; returns the charge."""
        order = step.order
        body = {"order": order.id, "cents": order.cents, "token": order.card}
        return str((await _ask(self._payments, "/charges", step, body))["charge"])

    @activity.defn
    async def refund(self, step: Step) -> None:
        """Give the money back, whether or not it was ever taken."""
        await _ask(self._payments, f"/refunds/{step.key}", step)

    @activity.defn
    async def ship(self, step: Step) -> str:
        """Hand the goods to the carrier; returns the tracking number."""
        order = step.order
        answer = await _ask(self._carrier, "/shipments", step, {"order": order.id, "address": order.address})
        return str(answer["tracking"])

    @activity.defn
    async def call_back(self, step: Step) -> None:
        """Call the shipment back, whether or not the carrier ever took it."""
        await _ask(self._carrier, f"/shipments/{step.key}", step, method="DELETE")


@asynccontextmanager
async def fulfilment_activities(
    *, inventory: str, payments: str, carrier: str
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    trusted = _trusted()
    async with (
        httpx2.AsyncClient(base_url=inventory, verify=trusted) as to_inventory,
        httpx2.AsyncClient(base_url=payments, verify=trusted) as to_payments,
        httpx2.AsyncClient(base_url=carrier, verify=trusted) as to_carrier,
    ):
        made = FulfilmentActivities(inventory=to_inventory, payments=to_payments, carrier=to_carrier)
        yield [made.reserve, made.release, made.charge, made.refund, made.ship, made.call_back]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


async def _ask(
    service: httpx2.AsyncClient, path: str, step: Step, body: dict[str, Any] | None = None, *, method: str = "POST"
) -> dict[str, Any]:
    """Ask a service under the step's key; an error becomes a failure that says whether to try again."""
    answer = await service.request(
        method,
        path,
        json=body,
        headers={"Idempotency-Key": step.key},
        timeout=step.answer_within.total_seconds(),
    )
    text = f"{path} answered {answer.status_code}: {answer.text}"
    if answer.status_code == httpx2.codes.PAYMENT_REQUIRED:
        raise ApplicationError(text, type=INSUFFICIENT_FUNDS, non_retryable=True)
    if 400 <= answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    if answer.status_code >= 400:
        raise ApplicationError(text, type="ServiceUnavailable")
    said: dict[str, Any] = answer.json()
    return said
