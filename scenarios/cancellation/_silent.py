"""The activity as it would be without heartbeats: it does the same work, and cannot be cancelled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.cancellation.activities import Chunks, OperationActivities


class SilentActivities(OperationActivities):
    """Says nothing while it works."""

    @activity.defn
    async def work_through(self, chunks: Chunks) -> str:
        """Process every chunk."""
        for begin in range(0, chunks.size, chunks.chunk):
            await self._process(chunks, begin)
        return f"Processed {chunks.size} of {chunks.size}"


@asynccontextmanager
async def silent_activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [SilentActivities(client).work_through]
