"""Discards the batch when another attempt has taken its place, and has finished it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from scenarios.heartbeat.activities import BatchActivities

TRIED_WITH = ["heartbeat/worker_paused"]
CONVICTED_BY = "late_outcome_discarded"


class CleansUpWhenSuperseded(BatchActivities):
    """Takes every cancellation for the client's."""

    def _is_worthless(self) -> bool:
        return True


@asynccontextmanager
async def activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [CleansUpWhenSuperseded(client).process_batch]
