"""Asks a service, or the one that stands in for it."""

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
class Question:
    """What to ask.

    Attributes:
        request: The request's name.
        answer_within: How long the source may take to answer; below the attempt's own limit, so that no attempt goes on
            behind the workflow's back.
    """

    request: str
    answer_within: timedelta


class FallbackActivities:
    """The activities of the workflow, over an HTTP client for each service."""

    def __init__(self, primary: httpx2.AsyncClient, standby: httpx2.AsyncClient) -> None:
        self._primary = primary
        self._standby = standby

    @activity.defn
    async def call_primary_service(self, question: Question) -> str:
        """Ask the service."""
        return await _ask(self._primary, question)

    @activity.defn
    async def call_fallback_service(self, question: Question) -> str:
        """Ask the one that stands in for it."""
        return await _ask(self._standby, question)


@asynccontextmanager
async def fallback_activities(*, primary: str, standby: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with (
        httpx2.AsyncClient(base_url=primary, verify=_trusted()) as first,
        httpx2.AsyncClient(base_url=standby, verify=_trusted()) as second,
    ):
        made = FallbackActivities(first, second)
        yield [made.call_primary_service, made.call_fallback_service]


async def _ask(source: httpx2.AsyncClient, question: Question) -> str:
    answer = await source.post(
        "/answers", json={"request": question.request}, timeout=question.answer_within.total_seconds()
    )
    text = f"{answer.url} answered {answer.status_code}"
    if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
        raise ApplicationError(text, type="Refused", non_retryable=True)
    if answer.is_error:
        raise ApplicationError(text, type="ServiceUnavailable")
    return str(answer.json()["answer"])


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
