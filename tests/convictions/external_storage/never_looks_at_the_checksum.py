"""Computes a checksum when it stores and never compares it, as guides print it: damaged data make a wrong result."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from scenarios.external_storage.activities import DataActivities, DataReference, storage_client

TRIED_WITH = ["external_storage/damaged_at_rest", "external_storage/damaged_once"]
CONVICTED_BY = "outcome"


class _Trusting(DataActivities):
    def _read(self, data: DataReference) -> Any:
        return json.loads(self._s3.get_object(Bucket=self._bucket, Key=data.storage_key)["Body"].read())


@asynccontextmanager
async def activities(*, datasets: str, objects: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the services at these base URLs."""
    s3, bucket = storage_client(objects, credentials=("anybody", "anybody"), region="us-east-1")
    async with httpx2.AsyncClient(base_url=datasets) as client:
        made = _Trusting(datasets=client, s3=s3, bucket=bucket)
        yield [made.load_and_store, made.process, made.delete]
