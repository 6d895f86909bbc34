"""Asks a service that limits its callers: a request ends before its attempt does, and a 429 says how long to wait."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Question:
    """What to ask.

    Attributes:
        request: What the price is wanted of.
        answer_within: How long the service may take to answer; below the attempt's own limit.
        until: When the permission to ask lapses; None for one that does not.
    """

    request: str
    answer_within: timedelta
    until: datetime | None = None


class QuoteActivities:
    """The activity of the workflows, over one HTTP client."""

    def __init__(self, quotes: httpx2.AsyncClient) -> None:
        self._quotes = quotes

    @activity.defn
    async def ask_price(self, question: Question) -> str:
        """Return the price; ask nobody when the permission has lapsed on its way here."""
        if question.until is not None and datetime.now(UTC) > question.until:
            raise ApplicationError("the permission has lapsed", type="PermissionLapsed")
        answer = await self._quotes.post(
            "/quotes", json={"request": question.request}, timeout=question.answer_within.total_seconds()
        )
        text = f"the service answered {answer.status_code}"
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            wait = answer.headers.get("Retry-After", "")
            asked = timedelta(seconds=int(wait)) if wait.isdecimal() else None
            raise ApplicationError(text, type="RateLimited", next_retry_delay=asked)
        if answer.is_client_error:
            raise ApplicationError(text, type="Refused", non_retryable=True)
        if answer.is_error:
            raise ApplicationError(text, type="ServiceUnavailable")
        return str(answer.json()["quote"])


@asynccontextmanager
async def quote_activities(*, quotes: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    # As many connections as there are requests at once: waiting for one would let a request arrive late.
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=quotes, verify=_trusted(), limits=limits) as client:
        yield [QuoteActivities(client).ask_price]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
