"""Sleeps in the activity as long as it is told and asks again there: Temporal's limit of attempts is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.rate_limited.activities import Question, limited_activities

TRIED_WITH = ["rate_limited/limited", "rate_limited/asked_each_time"]
CONVICTED_BY = "amplification"


@asynccontextmanager
async def activities(*, enquiries: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with limited_activities(enquiries=enquiries) as (asking,):

        @activity.defn
        async def ask(question: Question) -> str:
            for _ in range(3):
                try:
                    return str(await asking(question))
                except ApplicationError as error:
                    activity.logger.info("Once more: %s", error.message)  # a real one would sleep here
            return str(await asking(question))

        yield [ask]
