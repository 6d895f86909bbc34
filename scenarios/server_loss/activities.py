"""Moves entries to the bookkeeping service, and says after each how far it has come."""

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
class Batch:
    """What to move.

    Attributes:
        key: Idempotency key, the same for every attempt; each entry adds its number.
        month: Of which month.
        entries: How many entries.
        answer_within: How long the service may take to answer one request.
    """

    key: str
    month: str
    entries: int
    answer_within: timedelta


class ImportActivities:
    """The activities of the import, over one HTTP client."""

    def __init__(self, bookkeeping: httpx2.AsyncClient) -> None:
        self._bookkeeping = bookkeeping

    @activity.defn
    async def move_entries(self, batch: Batch) -> int:
        """Post every entry; a later attempt goes on behind the last one that Temporal was told of."""
        said = activity.info().heartbeat_details
        done = int(said[0]) if said else 0
        for number in range(done + 1, batch.entries + 1):
            await self._post("/entries", batch, f"{batch.key}:{number}", {"month": batch.month, "number": number})
            activity.heartbeat(number)
        return batch.entries

    @activity.defn
    async def print_summary(self, batch: Batch) -> None:
        """Have a summary printed."""
        await self._post("/statements", batch, f"{batch.key}:summary", {"month": batch.month})

    async def _post(self, path: str, batch: Batch, key: str, body: dict[str, Any]) -> None:
        headers, timeout = {"Idempotency-Key": key}, batch.answer_within.total_seconds()
        answer = await self._bookkeeping.post(path, json=body, headers=headers, timeout=timeout)
        _check(answer)


def _check(answer: httpx2.Response) -> None:
    """Raise what the service answers instead of doing it; no further attempt changes a refusal."""
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(f"the service answered {answer.status_code}", type="Refused", non_retryable=True)
    answer.raise_for_status()


@asynccontextmanager
async def import_activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=_trusted()) as client:
        made = ImportActivities(client)
        yield [made.move_entries, made.print_summary]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
