"""Processes one item over HTTP, and discards it again, under one key for both and for every attempt."""

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
class Work:
    """What to process or to discard.

    Attributes:
        batch: The batch it belongs to.
        item: Its number in the batch.
        key: Idempotency key.
        answer_within: How long the service may take to answer.
    """

    batch: str
    item: int
    key: str
    answer_within: timedelta


class ItemActivities:
    """The activities of one item, over one HTTP client."""

    def __init__(self, items: httpx2.AsyncClient) -> None:
        self._items = items

    @activity.defn
    async def process(self, work: Work) -> str:
        """Have the item processed."""
        answer = await self._items.post(
            "/items",
            json={"batch": work.batch, "item": work.item},
            headers={"Idempotency-Key": work.key},
            timeout=work.answer_within.total_seconds(),
        )
        _refuse(answer)
        return str(answer.json()["processed"])

    @activity.defn
    async def discard(self, work: Work) -> None:
        """Discard what became of the item, whether or not anything did; what arrives later is refused."""
        answer = await self._items.delete(f"/items/{work.key}", timeout=work.answer_within.total_seconds())
        _refuse(answer)


@asynccontextmanager
async def item_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
        made = ItemActivities(client)
        yield [made.process, made.discard]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _refuse(answer: httpx2.Response) -> None:
    text = f"the service answered {answer.status_code}"
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    if answer.is_error:
        raise ApplicationError(text, type="ServiceUnavailable")
