"""Posts or prints one lot at the bookkeeping service."""

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

ANSWER_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True)
class Lot:
    """One lot.

    Attributes:
        number: Its number, from 1.
        key: Idempotency key, the same for every attempt.
        drawn_on: The day on which it was drawn.
    """

    number: int
    key: str
    drawn_on: str


class LotActivities:
    """The two things that can become of a lot."""

    def __init__(self, bookkeeping: httpx2.AsyncClient, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        self._bookkeeping = bookkeeping
        self._answer_within = answer_within

    @activity.defn
    async def post_lot(self, lot: Lot) -> str:
        """Post it."""
        await self._ask("/entries", lot, {"month": lot.drawn_on, "number": lot.number})
        return "posted"

    @activity.defn
    async def print_lot(self, lot: Lot) -> str:
        """Print it."""
        await self._ask("/statements", lot, {"month": lot.drawn_on})
        return "printed"

    async def _ask(self, path: str, lot: Lot, body: dict[str, Any]) -> None:
        headers = {"Idempotency-Key": lot.key}
        timeout = self._answer_within.total_seconds()
        answer = await self._bookkeeping.post(path, json=body, headers=headers, timeout=timeout)
        answer.raise_for_status()


@asynccontextmanager
async def lot_activities(
    *, bookkeeping: str, answer_within: timedelta = ANSWER_WITHIN
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=_trusted()) as client:
        made = LotActivities(client, answer_within=answer_within)
        yield [made.post_lot, made.print_lot]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
