"""Says how far it has come before it is there: the entry that failed is never posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.server_loss.activities import Batch, ImportActivities

TRIED_WITH = ["server_loss/killed_while_waiting_to_retry"]
CONVICTED_BY = "attempts"


class _Hasty(ImportActivities):
    @activity.defn
    async def move_entries(self, batch: Batch) -> int:
        said = activity.info().heartbeat_details
        for number in range(int(said[0]) + 1 if said else 1, batch.entries + 1):
            activity.heartbeat(number)
            await self._post("/entries", batch, f"{batch.key}:{number}", {"month": batch.month, "number": number})
        return batch.entries


@asynccontextmanager
async def activities(*, bookkeeping: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=bookkeeping, verify=False) as client:
        made = _Hasty(client)
        yield [made.move_entries, made.print_summary]
