"""Posts an expense at the bookkeeping service."""

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

ANSWER_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True)
class Expense:
    """An expense that is complete.

    Attributes:
        key: Idempotency key.
        month: Of which month.
        number: Which expense of it, from 1.
    """

    key: str
    month: str
    number: int


class ExpenseActivities:
    """The activity of the expense workflow."""

    def __init__(self, bookkeeping: httpx2.AsyncClient, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        self._bookkeeping = bookkeeping
        self._answer_within = answer_within

    @activity.defn
    async def post_expense(self, expense: Expense) -> None:
        """Post the expense; again under the same key posts nothing."""
        answer = await self._bookkeeping.post(
            "/entries",
            json={"month": expense.month, "number": expense.number},
            headers={"Idempotency-Key": expense.key},
            timeout=self._answer_within.total_seconds(),
        )
        _check(answer)


def _check(answer: httpx2.Response) -> None:
    """Raise what the service answers instead of doing it; no further attempt changes a refusal."""
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(f"the service answered {answer.status_code}", type="Refused", non_retryable=True)
    answer.raise_for_status()


@asynccontextmanager
async def expense_activities(
    *, bookkeeping: str, answer_within: timedelta = ANSWER_WITHIN
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=_trusted()) as client:
        yield [ExpenseActivities(client, answer_within=answer_within).post_expense]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
