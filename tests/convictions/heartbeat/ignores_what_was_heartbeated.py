"""Begins each attempt with the first item, whatever was heartbeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from scenarios.heartbeat.activities import BatchActivities

TRIED_WITH = ["heartbeat/item_unavailable_once", "heartbeat/service_hangs", "heartbeat/killed_at_checkpoint"]
CONVICTED_BY = "resumed_from_heartbeat"


class BeginsAgain(BatchActivities):
    """Has no memory."""

    def _progress(self) -> int:
        return 0


@asynccontextmanager
async def activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [BeginsAgain(client).process_batch]
