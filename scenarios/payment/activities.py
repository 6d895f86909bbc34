"""Charges a card over HTTP, once however often it is tried, and says of every failure whether trying again can help."""

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

STEP = timedelta(seconds=5)
LONGEST = timedelta(seconds=30)


@dataclass(frozen=True)
class Payment:
    """What to charge.

    Attributes:
        key: Idempotency key, the same for every attempt.
        order: For which order.
        cents: How much.
        token: Stands for the card. Only its first four characters are ever logged.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    cents: int
    token: str
    answer_within: timedelta


@dataclass(frozen=True)
class Notice:
    """What to tell a customer.

    Attributes:
        key: Idempotency key, the same for every attempt.
        order: About which order.
        kind: What has happened.
        text: In words.
        answer_within: How long the service may take to answer.
    """

    key: str
    order: str
    kind: str
    text: str
    answer_within: timedelta


class PaymentActivities:
    """The activities of the payment workflow, over one HTTP client for each service."""

    def __init__(self, *, payments: httpx2.AsyncClient, notifications: httpx2.AsyncClient) -> None:
        self._payments = payments
        self._notifications = notifications

    @activity.defn
    async def process_payment(self, payment: Payment) -> str:
        """Charge the card; returns the id of the charge."""
        attempt = activity.info().attempt
        activity.logger.info("Charging %s to %s***, attempt %d", payment.order, payment.token[:4], attempt)
        try:
            answer = await self._payments.post(
                "/charges",
                json={"order": payment.order, "cents": payment.cents, "token": payment.token},
                headers={"Idempotency-Key": payment.key},
                timeout=payment.answer_within.total_seconds(),
            )
            _refuse_declined(answer, payment)
            answer.raise_for_status()
            return str(answer.json()["charge"])
        except ApplicationError:
            # Without this, what was just said of the failure would be swallowed by what follows.
            raise
        except httpx2.TransportError as error:
            text = f"the payment service cannot be reached: {type(error).__name__}"
            delay = min(STEP * attempt, LONGEST)
            raise ApplicationError(text, type="NetworkError", next_retry_delay=delay) from error
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            raise ApplicationError(text, type="UnexpectedError") from error

    @activity.defn
    async def send_notification(self, notice: Notice) -> None:
        """Tell the customer."""
        answer = await self._notifications.post(
            "/notifications",
            json={"about": notice.order, "kind": notice.kind, "text": notice.text},
            headers={"Idempotency-Key": notice.key},
            timeout=notice.answer_within.total_seconds(),
        )
        answer.raise_for_status()


def _refuse_declined(answer: httpx2.Response, payment: Payment) -> None:
    if answer.status_code != httpx2.codes.PAYMENT_REQUIRED:
        return
    why = answer.json()
    if why["error"] != "insufficient_funds":
        declined = {"reason": why["error"], "last4": payment.token[-4:]}
        raise ApplicationError("the card was declined", declined, type="CardDeclinedError", non_retryable=True)
    available = int(why["available"])
    lacking = {"amount": payment.cents, "available_balance": available, "shortfall": payment.cents - available}
    # Details are positional: a keyword `details` is a TypeError, raised in place of the refusal.
    raise ApplicationError("insufficient funds", lacking, type="InsufficientFundsError", non_retryable=True)


@asynccontextmanager
async def payment_activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=payments, verify=_trusted()) as to_payments,
        httpx2.AsyncClient(base_url=notifications, verify=_trusted()) as to_notifications,
    ):
        made = PaymentActivities(payments=to_payments, notifications=to_notifications)
        yield [made.process_payment, made.send_notification]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
