"""Leaves out the chunks that failed: a sum of some of the readings is told as that of all."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow

from scenarios.map_reduce.workflow import Job, MapReduce

TRIED_WITH = ["map_reduce/a_chunk_refused"]
CONVICTED_BY = "outcome"


@workflow.defn(name="MapReduce")
class ReducesWhatItHas(MapReduce):
    """Takes return_exceptions for a way not to fail."""

    @workflow.run
    async def run(self, job: Job) -> Any:
        """Return what the reduce activity does."""
        places = asyncio.Semaphore(job.max_parallel)
        firsts = range(0, job.count, job.chunk_size)
        ended = await asyncio.gather(*(self._map(first, job, places) for first in firsts), return_exceptions=True)
        mapped = [one for one in ended if not isinstance(one, BaseException)]
        return await self._do(job.reduce_activity, mapped, job.patience.reduce_within, job.patience)
