"""Asks three services for recommendations: one that learns, one that goes by rules, one that tells what is popular."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
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
        request: The user for whom they are wanted.
        answer_within: How long the source may take to answer; below the attempt's own limit, so that no attempt goes on
            behind the workflow's back.
    """

    request: str
    answer_within: timedelta


class RecommendationActivities:
    """The activities of the workflow, over an HTTP client for each source."""

    def __init__(self, ranking: httpx2.AsyncClient, rules: httpx2.AsyncClient, bestsellers: httpx2.AsyncClient) -> None:
        self._ranking = ranking
        self._rules = rules
        self._bestsellers = bestsellers

    @activity.defn
    async def get_ml_recommendations(self, question: Question) -> str:
        """Ask the service that learns."""
        return await _ask(self._ranking, question)

    @activity.defn
    async def get_rule_based_recommendations(self, question: Question) -> str:
        """Ask the service that goes by rules."""
        return await _ask(self._rules, question)

    @activity.defn
    async def get_popular_items(self, question: Question) -> str:
        """Ask what is popular."""
        return await _ask(self._bestsellers, question)


@asynccontextmanager
async def recommendation_activities(
    *, ranking: str, rules: str, bestsellers: str
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx2.AsyncClient(base_url=url, verify=_trusted()))
            for url in (ranking, rules, bestsellers)
        ]
        made = RecommendationActivities(*clients)
        yield [made.get_ml_recommendations, made.get_rule_based_recommendations, made.get_popular_items]


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
