"""Maps all chunks at once: with more than the server allows, its first task fails for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from temporalio import workflow

from scenarios.map_reduce.workflow import Job, MapReduce

TRIED_WITH = ["map_reduce/few_activities_allowed"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="MapReduce")
class MapsAllAtOnce(MapReduce):
    """Sets itself no bound."""

    @workflow.run
    async def run(self, job: Job) -> Any:
        """Return what the reduce activity does."""
        return await super().run(replace(job, max_parallel=job.count))
