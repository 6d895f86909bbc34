"""Cleans up and does not raise again: the activity counts as completed, and the workflow reports success."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.cancellation.activities import Chunks, OperationActivities

TRIED_WITH = ["cancellation/too_slow"]
CONVICTED_BY = "outcome"


class Swallows(OperationActivities):
    """Takes a cancellation for an early end."""

    @activity.defn
    async def work_through(self, chunks: Chunks) -> str:
        """Process every chunk, or those before the cancellation."""
        try:
            return await super().work_through(chunks)
        except asyncio.CancelledError:
            return "Processed what there was time for"


@asynccontextmanager
async def activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [Swallows(client).work_through]
