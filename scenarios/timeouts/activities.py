"""Asks the bookkeeping service over HTTP: an attempt ends before its time does, or does no harm afterwards."""

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
class Task:
    """What an activity is to do.

    Attributes:
        key: Idempotency key, the same for every attempt; the batch adds the entry's number.
        month: Which month it is about.
        answer_within: How long the service may take to answer one request.
        entries: How many entries a batch has.
    """

    key: str
    month: str
    answer_within: timedelta
    entries: int = 0


class BooksActivities:
    """The activities of the closing workflow, over one HTTP client."""

    def __init__(self, bookkeeping: httpx2.AsyncClient) -> None:
        self._bookkeeping = bookkeeping

    @activity.defn
    async def get_rate(self, task: Task) -> float:
        """Ask for the rate: a quick call that changes nothing."""
        return await self._rate(task)

    @activity.defn
    async def post_entries(self, task: Task) -> int:
        """Post every entry, and say after each that it is done; a later attempt goes on behind the last one said."""
        said = activity.info().heartbeat_details
        done = int(said[0]) if said else 0
        for number in range(done + 1, task.entries + 1):
            await self._post("/entries", task, f"{task.key}:{number}", {"month": task.month, "number": number})
            # After the effect, never before it: what was said to be done is not done again.
            activity.heartbeat(number)
        return task.entries

    @activity.defn
    async def print_statement(self, task: Task) -> str:
        """Have the statement printed at today's rate."""
        await self._rate(task)
        answer = await self._post("/statements", task, task.key, {"month": task.month})
        return str(answer["statement"])

    async def _rate(self, task: Task) -> float:
        return float((await self._ask("GET", "/rate", task))["rate"])

    async def _post(self, path: str, task: Task, key: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._ask("POST", path, task, json=body, headers={"Idempotency-Key": key})

    async def _ask(self, method: str, path: str, task: Task, **request: Any) -> dict[str, Any]:
        answer = await self._bookkeeping.request(method, path, timeout=task.answer_within.total_seconds(), **request)
        text = f"{path} answered {answer.status_code}: {answer.text}"
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            wait = timedelta(seconds=int(answer.headers.get("Retry-After", "0")))
            raise ApplicationError(text, type="RateLimited", next_retry_delay=wait)
        if 400 <= answer.status_code < 500:
            raise ApplicationError(text, type="Refused", non_retryable=True)
        if answer.status_code >= 500:
            raise ApplicationError(text, type="ServiceUnavailable")
        said: dict[str, Any] = answer.json()
        return said


@asynccontextmanager
async def books_activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=_trusted()) as client:
        made = BooksActivities(client)
        yield [made.get_rate, made.post_entries, made.print_statement]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
