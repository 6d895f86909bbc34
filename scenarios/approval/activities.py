"""Checks a purchase, asks for decisions about it, and pays for it, over HTTP."""

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
class Purchase:
    """What somebody wants to buy.

    Attributes:
        id: Its number in the books.
        what: In the words of whoever wants it: any text.
        cents: What it costs.
    """

    id: str
    what: str
    cents: int


@dataclass(frozen=True)
class Checked:
    """Whether a purchase can be decided about at all.

    Attributes:
        is_valid: Whether it can.
        problems: Why it cannot.
    """

    is_valid: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """That somebody's decision is wanted.

    Attributes:
        key: Idempotency key, the same for every attempt. Nothing that a person has written is part of it.
        level: Whose.
        purchase: About what.
        workflow_id: Where the decision is to be sent.
        answer_within: How long the service may take to answer.
    """

    key: str
    level: str
    purchase: Purchase
    workflow_id: str
    answer_within: timedelta


@dataclass(frozen=True)
class Payment:
    """What was approved.

    Attributes:
        key: Idempotency key, the same for every attempt.
        purchase: What is to be paid for.
        answer_within: How long the service may take to answer.
    """

    key: str
    purchase: Purchase
    answer_within: timedelta


class ApprovalActivities:
    """The activities of an approval, over one HTTP client for each service."""

    def __init__(self, *, notifications: httpx2.AsyncClient, payments: httpx2.AsyncClient) -> None:
        self._notifications = notifications
        self._payments = payments

    @activity.defn
    async def check(self, purchase: Purchase) -> Checked:
        """Look whether there is anything to decide."""
        problems = [
            *([] if purchase.what.strip() else ["it does not say what is to be bought"]),
            *([] if purchase.cents > 0 else [f"it costs {purchase.cents} cents"]),
        ]
        return Checked(is_valid=not problems, problems=tuple(problems))

    @activity.defn
    async def ask(self, notice: Notice) -> None:
        """Tell somebody that a decision is wanted."""
        body = {"about": notice.workflow_id, "kind": f"decision_of_{notice.level}", "text": notice.purchase.what}
        await _post(self._notifications, "/notifications", body, key=notice.key, within=notice.answer_within)

    @activity.defn
    async def pay(self, payment: Payment) -> str:
        """Pay for what was approved; returns the id of the charge."""
        body = {"order": payment.purchase.id, "cents": payment.purchase.cents}
        answer = await _post(self._payments, "/charges", body, key=payment.key, within=payment.answer_within)
        return str(answer.json()["charge"])


async def _post(
    service: httpx2.AsyncClient, path: str, body: dict[str, Any], *, key: str, within: timedelta
) -> httpx2.Response:
    """Post, or say whether to ask again can help.

    Raises:
        ApplicationError: The service refused ("Refused", not to be tried again) or could not ("ServiceUnavailable").
    """
    try:
        answer = await service.post(path, json=body, headers={"Idempotency-Key": key}, timeout=within.total_seconds())
    except httpx2.TransportError as error:
        raise ApplicationError(f"{path}: {type(error).__name__} {error}", type="ServiceUnavailable") from error
    if answer.status_code < 400:
        return answer
    text = f"{path} answered {answer.status_code}: {answer.text}"
    if answer.is_server_error or answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="ServiceUnavailable")
    raise ApplicationError(text, type="Refused", non_retryable=True)


@asynccontextmanager
async def approval_activities(*, notifications: str, payments: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=notifications, verify=_trusted()) as to_notifications,
        httpx2.AsyncClient(base_url=payments, verify=_trusted()) as to_payments,
    ):
        made = ApprovalActivities(notifications=to_notifications, payments=to_payments)
        yield [made.check, made.ask, made.pay]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
