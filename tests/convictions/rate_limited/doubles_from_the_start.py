"""Computes each wait itself, by the formula that guides print: the exponent is one too many."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.rate_limited.activities import Question, limited_activities

TRIED_WITH = ["rate_limited/default", "rate_limited/limited"]
CONVICTED_BY = "retry_schedule"


@asynccontextmanager
async def activities(*, enquiries: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with limited_activities(enquiries=enquiries) as (asking,):

        @activity.defn
        async def ask(question: Question) -> str:
            try:
                return str(await asking(question))
            except ApplicationError as error:
                delay = min(timedelta(seconds=2 ** activity.info().attempt), timedelta(seconds=100))
                raise ApplicationError(error.message, type=error.type, next_retry_delay=delay) from error

        yield [ask]
