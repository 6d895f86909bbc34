"""Heartbeats an item before it is processed: an attempt that fails between the two loses it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.heartbeat.activities import BatchActivities, Work

TRIED_WITH = ["heartbeat/item_unavailable_once"]
CONVICTED_BY = "no_item_lost"


class BeatsFirst(BatchActivities):
    """Promises what it has not done."""

    async def _process(self, work: Work, item: int) -> None:
        activity.heartbeat({"processed": item + 1, "total": work.items})
        await super()._process(work, item)


@asynccontextmanager
async def activities(*, items: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=items, verify=False) as client:
        yield [BeatsFirst(client).process_batch]
