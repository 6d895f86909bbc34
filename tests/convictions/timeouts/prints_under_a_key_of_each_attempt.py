"""Makes a key for each attempt: the one that was cut off prints a second statement when it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity

from scenarios.timeouts.activities import Task, books_activities

TRIED_WITH = ["timeouts/zombie_attempt"]
CONVICTED_BY = "at_most_once"


@asynccontextmanager
async def activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with books_activities(bookkeeping=bookkeeping) as sound:
        by_name = {one.__name__: one for one in sound}
        printing = by_name.pop("print_statement")

        @activity.defn
        async def print_statement(task: Task) -> str:
            return str(await printing(replace(task, key=f"{task.key}:{activity.info().attempt}")))

        yield [*by_name.values(), print_statement]
