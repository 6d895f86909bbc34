"""Has a heartbeat timeout and no heartbeats, as guides print it: what takes long is given up though it is well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.external_storage.activities import DataActivities, Process, Report, storage_client

TRIED_WITH = ["external_storage/slow_but_well"]
CONVICTED_BY = "attempts"


class _Silent(DataActivities):
    @activity.defn
    async def process(self, process: Process) -> Report:
        return await asyncio.to_thread(self._process, process)


@asynccontextmanager
async def activities(*, datasets: str, objects: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the services at these base URLs."""
    s3, bucket = storage_client(objects, credentials=("anybody", "anybody"), region="us-east-1")
    async with httpx2.AsyncClient(base_url=datasets) as client:
        made = _Silent(datasets=client, s3=s3, bucket=bucket)
        yield [made.load_and_store, made.process, made.delete]
