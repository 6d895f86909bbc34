"""Opens a child for every item at once: with more than the server allows, its first task fails for ever."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.fan_out.workflow import Batch, ProcessAll, Told

TRIED_WITH = ["fan_out/few_children_allowed"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="ProcessAll")
class OpensAllAtOnce(ProcessAll):
    """As it is printed for a fan-out."""

    @workflow.run
    async def run(self, batch: Batch) -> Told:
        """Say which items are processed."""
        return await super().run(replace(batch, at_once=len(batch.items)))
