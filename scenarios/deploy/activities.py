"""Posts and prints an invoice at the bookkeeping service, each under the invoice's key."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError

ANSWER_WITHIN = timedelta(seconds=10)


class InvoiceActivities:
    """The activities of the invoice workflow, in all its versions."""

    def __init__(self, bookkeeping: httpx2.AsyncClient, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        self._bookkeeping = bookkeeping
        self._answer_within = answer_within

    @activity.defn
    async def post_invoice(self, number: str) -> None:
        """Post the invoice; again under the same number posts nothing."""
        await self._ask("/entries", number, {"month": number, "number": 1})

    @activity.defn
    async def print_invoice(self, number: str) -> None:
        """Print the invoice; again under the same number prints nothing."""
        await self._ask("/statements", number, {"month": number})

    async def _ask(self, path: str, key: str, body: dict[str, Any]) -> None:
        headers = {"Idempotency-Key": f"{key}{path}"}
        timeout = self._answer_within.total_seconds()
        answer = await self._bookkeeping.post(path, json=body, headers=headers, timeout=timeout)
        _check(answer)


def _check(answer: httpx2.Response) -> None:
    """Raise what the service answers instead of doing it; no further attempt changes a refusal."""
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(f"the service answered {answer.status_code}", type="Refused", non_retryable=True)
    answer.raise_for_status()


@asynccontextmanager
async def invoice_activities(
    *, bookkeeping: str, answer_within: timedelta = ANSWER_WITHIN
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=_trusted()) as client:
        made = InvoiceActivities(client, answer_within=answer_within)
        yield [made.post_invoice, made.print_invoice]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
