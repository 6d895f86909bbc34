"""A dataset is cut into chunks, each mapped by one activity, so many at once; another reduces all their results."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.map_reduce.activities import Chunk


@dataclass(frozen=True)
class Patience:
    """How long an activity may take, and how often it is tried. The defaults are meant for production.

    Attributes:
        answer_within: For one request of the map activity. Below `map_within`.
        map_within: The map activity's start_to_close.
        reduce_within: The reduce activity's.
        attempts: Of either.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(minutes=4)
    map_within: timedelta = timedelta(minutes=5)
    reduce_within: timedelta = timedelta(minutes=10)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Job:
    """What to do.

    Attributes:
        dataset: Names the dataset; the map activity loads its part of it.
        count: How many entries it has.
        map_activity: The name of the activity that takes a `Chunk`.
        reduce_activity: The name of the activity that takes the list of what those return. All of them together are
            one argument, which may have 2 MiB.
        chunk_size: How many entries a chunk has.
        max_parallel: How many chunks are mapped at the same time.
        patience: How long to bear with failing activities.
    """

    dataset: str
    count: int
    map_activity: str
    reduce_activity: str
    chunk_size: int = 100
    max_parallel: int = 10
    patience: Patience = field(default_factory=Patience)


@workflow.defn
class MapReduce:
    """Maps all chunks, then reduces once. A chunk that fails for good fails it, when the others have ended."""

    @workflow.run
    async def run(self, job: Job) -> Any:
        """Return what the reduce activity does."""
        places = asyncio.Semaphore(job.max_parallel)
        firsts = range(0, job.count, job.chunk_size)
        mapped = await asyncio.gather(*(self._map(first, job, places) for first in firsts), return_exceptions=True)
        for one in mapped:
            if isinstance(one, BaseException):
                raise one
        return await self._do(job.reduce_activity, mapped, job.patience.reduce_within, job.patience)

    async def _map(self, first: int, job: Job, places: asyncio.Semaphore) -> Any:
        chunk = Chunk(
            dataset=job.dataset,
            first=first,
            count=min(job.chunk_size, job.count - first),
            answer_within=job.patience.answer_within,
        )
        async with places:
            return await self._do(job.map_activity, chunk, job.patience.map_within, job.patience)

    async def _do(self, name: str, given: Any, within: timedelta, patience: Patience) -> Any:
        return await workflow.execute_activity(
            name,
            given,
            start_to_close_timeout=within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
        )
