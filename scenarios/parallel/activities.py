"""Asks several services over HTTP: an order's inventory, payment and shipping price, and the processing of items."""

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
    """What to ask.

    Attributes:
        of: The order, or the batch.
        key: Idempotency key, the same for doing it and for taking it back, and for every attempt.
        answer_within: How long the service may take to answer.
        item: The item, or the number of the batch's part.
        cents: What it costs.
    """

    of: str
    key: str
    answer_within: timedelta
    item: int = 0
    cents: int = 0


class OrderActivities:
    """The activities of an order, over one HTTP client for each service."""

    def __init__(
        self, *, inventory: httpx2.AsyncClient, payments: httpx2.AsyncClient, quotes: httpx2.AsyncClient
    ) -> None:
        self._inventory = inventory
        self._payments = payments
        self._quotes = quotes

    @activity.defn
    async def reserve_inventory(self, step: Step) -> str:
        """Set the goods aside."""
        told = await _ask(self._inventory, "POST", "/reservations", step, {"order": step.of, "items": ["lamp"]})
        return str(told["reservation"])

    @activity.defn
    async def release_inventory(self, step: Step) -> None:
        """Release the goods, whether or not they were ever set aside."""
        await _ask(self._inventory, "DELETE", f"/reservations/{step.key}", step)

    @activity.defn
    async def process_payment(self, step: Step) -> str:
        """Take the money."""
        told = await _ask(self._payments, "POST", "/charges", step, {"order": step.of, "cents": step.cents})
        return str(told["charge"])

    @activity.defn
    async def refund_payment(self, step: Step) -> None:
        """Give the money back, whether or not it was ever taken."""
        await _ask(self._payments, "POST", f"/refunds/{step.key}", step)

    @activity.defn
    async def get_shipping_quote(self, step: Step) -> str:
        """Ask what shipping costs, which changes nothing."""
        told = await _ask(self._quotes, "POST", "/quotes", step, {"request": f"shipping {step.of}"})
        return str(told["quote"])


class ItemActivities:
    """The activities of items, over one HTTP client."""

    def __init__(self, items: httpx2.AsyncClient) -> None:
        self._items = items

    @activity.defn
    async def process_item(self, step: Step) -> str:
        """Have one item processed, or one part of a batch."""
        told = await _ask(self._items, "POST", "/items", step, {"batch": step.of, "item": step.item})
        return str(told["processed"])


@asynccontextmanager
async def order_activities(
    *, inventory: str, payments: str, quotes: str
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make an order's activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=inventory, verify=_trusted()) as to_inventory,
        httpx2.AsyncClient(base_url=payments, verify=_trusted()) as to_payments,
        httpx2.AsyncClient(base_url=quotes, verify=_trusted()) as to_quotes,
    ):
        made = OrderActivities(inventory=to_inventory, payments=to_payments, quotes=to_quotes)
        yield [
            made.reserve_inventory,
            made.release_inventory,
            made.process_payment,
            made.refund_payment,
            made.get_shipping_quote,
        ]


@asynccontextmanager
async def item_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the items' activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
        yield [ItemActivities(client).process_item]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


async def _ask(service: httpx2.AsyncClient, method: str, path: str, step: Step, body: Any = None) -> Any:
    headers = {"Idempotency-Key": step.key}
    timeout = step.answer_within.total_seconds()
    answer = await service.request(method, path, json=body, headers=headers, timeout=timeout)
    text = f"the service answered {answer.status_code}"
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    if answer.is_error:
        raise ApplicationError(text, type="ServiceUnavailable")
    return answer.json()
