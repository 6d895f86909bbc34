"""Asks a service that limits its callers, and passes on how long it wants to be left alone."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from random import uniform
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Question:
    """What to ask.

    Attributes:
        text: The question.
        spread: By which part of itself each of the policy's waits may be shorter or longer, at random: who failed
            together does not come back together then. What the service asks for is kept as it is.
        answer_within: How long the service may take to answer.
    """

    text: str
    spread: float
    answer_within: timedelta


class LimitedActivities:
    """The activities of the workflow, over one HTTP client."""

    def __init__(self, enquiries: httpx2.AsyncClient) -> None:
        self._enquiries = enquiries

    @activity.defn
    async def ask(self, question: Question) -> str:
        """Return the service's answer."""
        answer = await self._enquiries.post(
            "/enquiries", json={"text": question.text}, timeout=question.answer_within.total_seconds()
        )
        text = f"the service answered {answer.status_code}"
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            wait = _retry_after(answer.headers.get("Retry-After", ""))
            raise ApplicationError(text, type="RateLimitError", next_retry_delay=wait)
        if answer.is_error:
            raise ApplicationError(
                text,
                type="ServiceUnavailable",
                non_retryable=answer.is_client_error,
                next_retry_delay=_spread(question.spread),
            )
        return str(answer.json()["answer"])


def _spread(part: float) -> timedelta | None:
    """The policy's next wait, more or less; None leaves it to the policy."""
    info = activity.info()
    if not part or info.retry_policy is None:
        return None
    policy = info.retry_policy
    longest = policy.maximum_interval or 100 * policy.initial_interval
    grown = policy.initial_interval.total_seconds() * policy.backoff_coefficient ** min(info.attempt - 1, 64)
    wait = min(grown, longest.total_seconds())
    return timedelta(seconds=wait * uniform(1 - part, 1 + part))  # noqa: S311 - nobody has to guess it


def _retry_after(header: str) -> timedelta | None:
    """How long the service asks us to wait, as seconds or as a date; None leaves it to the retry policy.

    So does zero: to Temporal it means that nothing was asked for.
    """
    if header.isdecimal():
        return timedelta(seconds=int(header))
    try:
        return max(parsedate_to_datetime(header) - datetime.now(UTC), timedelta(0))
    except (ValueError, TypeError):
        return None


@asynccontextmanager
async def limited_activities(*, enquiries: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=enquiries, verify=_trusted()) as client:
        yield [LimitedActivities(client).ask]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
