"""Reports no progress: what it has moved is moved again after every failure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.server_loss.activities import Batch, ImportActivities

TRIED_WITH = ["server_loss/killed_while_waiting_to_retry"]
CONVICTED_BY = "attempts"


class _Tacit(ImportActivities):
    @activity.defn
    async def move_entries(self, batch: Batch) -> int:
        for number in range(1, batch.entries + 1):
            await self._post("/entries", batch, f"{batch.key}:{number}", {"month": batch.month, "number": number})
        return batch.entries


@asynccontextmanager
async def activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=False) as client:
        made = _Tacit(client)
        yield [made.move_entries, made.print_summary]
