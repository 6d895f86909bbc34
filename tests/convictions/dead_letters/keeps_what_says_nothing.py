"""Notes the text of the ActivityError, as guides print it: the letter says three times that an activity failed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity

from scenarios.dead_letters.activities import Letter, item_activities

TRIED_WITH = ["dead_letters/service_down"]
CONVICTED_BY = "contents"


@asynccontextmanager
async def activities(**urls: Any) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the services at these base URLs."""
    async with item_activities(**urls, credentials=("anybody", "anybody"), region="us-east-1") as sound:
        by_name = {one.__name__: one for one in sound}
        write = by_name.pop("write_dead_letter")

        @activity.defn
        def write_dead_letter(letter: Letter) -> None:
            write(replace(letter, errors=["Activity task failed"] * letter.retry_count))

        yield [*by_name.values(), write_dead_letter]
