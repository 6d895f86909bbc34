"""Starts an activity for every item at once: with more than the server allows, its first task fails for ever."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.parallel.workflows.items import Items, Processed, ProcessItems

TRIED_WITH = ["parallel/few_activities_allowed"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="ProcessItems")
class StartsAllAtOnce(ProcessItems):
    """As it is printed."""

    @workflow.run
    async def run(self, batch: Items) -> Processed:
        """Say which items are processed; fail when too many are not."""
        return await super().run(replace(batch, at_once=len(batch.items)))
