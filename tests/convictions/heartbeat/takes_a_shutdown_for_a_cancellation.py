"""Takes the shutdown of its worker for a cancellation, and discards what the next attempt builds on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.heartbeat.activities import BatchActivities

TRIED_WITH = ["heartbeat/worker_drained", "heartbeat/rolling_restart"]
CONVICTED_BY = "outcome"


class CleansUpAtShutdown(BatchActivities):
    """Cleans up at every deploy."""

    def _is_worthless(self) -> bool:
        why = activity.cancellation_details()
        return why is not None and (why.cancel_requested or why.worker_shutdown)


@asynccontextmanager
async def activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [CleansUpAtShutdown(client).process_batch]
