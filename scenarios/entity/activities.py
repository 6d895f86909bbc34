"""Posts to an account over HTTP, under a key that every attempt and every run shares."""

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
class Posting:
    """What is to be posted.

    Attributes:
        number: Its sender's number for it, unique in its account.
        cents: What is paid in; paid out, when it is negative.
    """

    number: int
    cents: int


@dataclass(frozen=True)
class Order:
    """A posting on its way to the service.

    Attributes:
        account: Which account.
        posting: What is to be posted.
        answer_within: How long the service may take to answer.
    """

    account: str
    posting: Posting
    answer_within: timedelta


class AccountActivities:
    """The activity of the account workflow, over one HTTP client."""

    def __init__(self, accounts: httpx2.AsyncClient) -> None:
        self._accounts = accounts

    @activity.defn
    async def post(self, order: Order) -> int:
        """Post; returns the balance that it led to.

        Raises:
            ApplicationError: The service refused ("Refused", not to be tried again) or could not
                ("ServiceUnavailable").
        """
        answer = await self._accounts.post(
            "/postings",
            json={"account": order.account, "number": order.posting.number, "cents": order.posting.cents},
            headers={"Idempotency-Key": self._key(order)},
            timeout=order.answer_within.total_seconds(),
        )
        if answer.status_code < 400:
            return int(answer.json()["balance"])
        text = f"{answer.request.url.path} answered {answer.status_code}: {answer.text}"
        if answer.status_code < 500 and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            raise ApplicationError(text, type="Refused", non_retryable=True)
        raise ApplicationError(text, type="ServiceUnavailable")

    def _key(self, order: Order) -> str:
        # Neither the run nor the attempt is part of it: a posting that is asked for again is the same posting.
        return f"{order.account}:{order.posting.number}"


@asynccontextmanager
async def account_activities(*, accounts: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=accounts, verify=_trusted()) as client:
        yield [AccountActivities(client).post]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
