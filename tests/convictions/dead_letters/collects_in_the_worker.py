"""Collects letters in the worker's memory and writes them two by two: one that dies takes a letter with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity

from scenarios.dead_letters.activities import Letter, item_activities

TRIED_WITH = ["dead_letters/worker_killed"]
CONVICTED_BY = "accounted_for"


@asynccontextmanager
async def activities(**urls: Any) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the services at these base URLs."""
    collected: list[Letter] = []
    async with item_activities(**urls, credentials=("anybody", "anybody"), region="us-east-1") as sound:
        by_name = {one.__name__: one for one in sound}
        write = by_name.pop("write_dead_letter")

        @activity.defn
        def write_dead_letter(letter: Letter) -> None:
            collected.append(letter)
            if len(collected) == 2:
                for one in collected:
                    write(one)
                collected.clear()

        yield [*by_name.values(), write_dead_letter]
