"""Charges an order over HTTP and tells Temporal of every answer whether asking again can help."""

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

UNLESS_TOLD = timedelta(seconds=60)
"""How long to wait after a 429 that does not say."""


@dataclass(frozen=True)
class Charge:
    """What to charge.

    Attributes:
        key: Idempotency key, the same for every attempt: a charge whose answer was lost is not made twice.
        order: For which order.
        cents: How much.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    cents: int
    answer_within: timedelta


@dataclass(frozen=True)
class Notice:
    """What to tell a customer.

    Attributes:
        key: Idempotency key, the same for every attempt.
        order: About which order.
        kind: What has happened.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    kind: str
    answer_within: timedelta


class OrderActivities:
    """The activities of the order workflow, over one HTTP client for each service."""

    def __init__(self, *, payments: httpx2.AsyncClient, notifications: httpx2.AsyncClient) -> None:
        self._payments = payments
        self._notifications = notifications

    @activity.defn
    async def charge(self, wanted: Charge) -> str:
        """Charge the order; returns the id of the charge."""
        body = {"order": wanted.order, "cents": wanted.cents}
        answer = await _post(self._payments, "/charges", body, key=wanted.key, within=wanted.answer_within)
        if answer.is_error:
            raise _classified(answer, wanted)
        try:
            return str(answer.json()["charge"])
        except (ValueError, KeyError, TypeError) as error:
            # It may have been made. Asking again under the same key gets the same charge.
            raise ApplicationError(f"the answer cannot be read: {answer.text!r}", type="UnreadableAnswer") from error

    @activity.defn
    async def notify(self, notice: Notice) -> None:
        """Tell the customer."""
        body = {"about": notice.order, "kind": notice.kind}
        answer = await _post(self._notifications, "/notifications", body, key=notice.key, within=notice.answer_within)
        if answer.is_error:
            raise ApplicationError(
                f"the notification was answered with {answer.status_code}",
                type="NotSent",
                non_retryable=answer.is_client_error,
            )


def _classified(answer: httpx2.Response, wanted: Charge) -> ApplicationError:
    """Say of an error answer what kind it is, and whether asking again can help."""
    text = f"the charge was answered with {answer.status_code}: {answer.text}"
    # Details are positional: a keyword `details` is a TypeError, raised in place of the error meant.
    match answer.status_code:
        case 429:
            wait = answer.headers.get("Retry-After", "")
            delay = timedelta(seconds=int(wait)) if wait.isdecimal() else UNLESS_TOLD
            return ApplicationError(text, type="RateLimitError", next_retry_delay=delay)
        case 401 | 403:
            return ApplicationError(text, type="AuthenticationError", non_retryable=True)
        case 400 | 422:
            wrong = {"order_id": wanted.order, "errors": answer.text}
            return ApplicationError(text, wrong, type="ValidationError", non_retryable=True)
        case 402:
            lacking = {"order_id": wanted.order, "amount_requested": wanted.cents, "balance": _balance(answer)}
            return ApplicationError(text, lacking, type="PaymentDeclinedError", non_retryable=True)
        case status if status >= 500:
            return ApplicationError(text, type="ServiceUnavailable")
        case _:
            return ApplicationError(text, type="Refused", non_retryable=True)


def _balance(answer: httpx2.Response) -> int | None:
    try:
        return int(answer.json()["balance"])
    except (ValueError, KeyError, TypeError):
        return None


async def _post(
    service: httpx2.AsyncClient, path: str, body: dict[str, Any], *, key: str, within: timedelta
) -> httpx2.Response:
    try:
        return await service.post(path, json=body, headers={"Idempotency-Key": key}, timeout=within.total_seconds())
    except httpx2.TransportError as error:
        raise ApplicationError(f"{path}: {type(error).__name__} {error}", type="NetworkError") from error


@asynccontextmanager
async def order_activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=payments, verify=_trusted()) as to_payments,
        httpx2.AsyncClient(base_url=notifications, verify=_trusted()) as to_notifications,
    ):
        made = OrderActivities(payments=to_payments, notifications=to_notifications)
        yield [made.charge, made.notify]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
