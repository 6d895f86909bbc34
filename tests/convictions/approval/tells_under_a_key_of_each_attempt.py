"""Tells somebody under a new key at each attempt: when an answer is lost, they are told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity

from scenarios.approval.activities import Notice, approval_activities

TRIED_WITH = ["approval/answers_lost"]
CONVICTED_BY = "at_most_once"


@asynccontextmanager
async def activities(**base_urls: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with approval_activities(**base_urls) as sound:
        by_name = {one.__name__: one for one in sound}
        telling = by_name.pop("ask")

        @activity.defn
        async def ask(notice: Notice) -> None:
            await telling(replace(notice, key=f"{notice.key}:{activity.info().attempt}"))

        yield [*by_name.values(), ask]
