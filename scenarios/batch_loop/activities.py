"""Processes one batch over HTTP, under a key that every attempt and every run shares."""

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


@dataclass(frozen=True)
class Batch:
    """What to process.

    Attributes:
        loop: Whose batch.
        number: Which one, from 0, over all runs of the loop.
        answer_within: How long the service may take.
    """

    loop: str
    number: int
    answer_within: timedelta


class LoopActivities:
    """The activity of the loop, over one HTTP client."""

    def __init__(self, items: httpx2.AsyncClient) -> None:
        self._items = items

    @activity.defn
    async def process_batch(self, batch: Batch) -> None:
        """Have the batch processed."""
        answer = await self._items.post(
            "/items",
            json={"batch": batch.loop, "item": batch.number},
            headers={"Idempotency-Key": f"{batch.loop}:{batch.number}"},
            timeout=batch.answer_within.total_seconds(),
        )
        answer.raise_for_status()


@asynccontextmanager
async def loop_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=items, verify=_trusted()) as client:
        yield [LoopActivities(client).process_batch]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
