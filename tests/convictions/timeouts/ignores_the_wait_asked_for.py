"""Drops the wait that the service asked for: it comes back after a second and is refused again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.timeouts.activities import Task, books_activities

TRIED_WITH = ["timeouts/asked_to_wait"]
CONVICTED_BY = "retry_schedule"


@asynccontextmanager
async def activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with books_activities(bookkeeping=bookkeeping) as sound:
        by_name = {one.__name__: one for one in sound}
        printing = by_name.pop("print_statement")

        @activity.defn
        async def print_statement(task: Task) -> str:
            try:
                return str(await printing(task))
            except ApplicationError as error:
                raise ApplicationError(error.message, type=error.type) from error

        yield [*by_name.values(), print_statement]
