"""Divides by the number of items: an empty batch fails its workflow task, for ever."""

from __future__ import annotations

from temporalio import workflow

from scenarios.parallel.workflows.items import Items, Processed, ProcessItems

TRIED_WITH = ["parallel/no_items"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="ProcessItems")
class DividesByNothing(ProcessItems):
    """As it is printed."""

    @workflow.run
    async def run(self, batch: Items) -> Processed:
        """Say which items are processed; fail when too many are not."""
        processed = await super().run(batch)
        rate = len(processed.successful) / len(batch.items)
        return Processed(successful=processed.successful, failed=processed.failed, success_rate=rate)
