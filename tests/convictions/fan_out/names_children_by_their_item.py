"""Names a child after its item only: one that is listed again, or by another batch, fails or is processed again."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError

from scenarios.fan_out.workflow import Batch, Done, ProcessAll, Told
from scenarios.fan_out.workflows.item import Item, NotDone, ProcessItem, reason

TRIED_WITH = ["fan_out/listed_twice"]
CONVICTED_BY = "attempts"


@workflow.defn(name="ProcessAll")
class NamesChildrenByTheirItem(ProcessAll):
    """As it is printed."""

    @workflow.run
    async def run(self, batch: Batch) -> Told:
        """Say which items are processed, and why the others are not."""
        return await super().run(batch)

    async def _one(self, number: int, batch: Batch, window: asyncio.Semaphore) -> Done | NotDone:
        info = workflow.info()
        async with window:
            try:
                result = await workflow.execute_child_workflow(
                    ProcessItem.run,
                    Item(batch=info.workflow_id, item=number, patience=batch.patience),
                    id=f"item-{number}",
                )
            except (ChildWorkflowError, WorkflowAlreadyStartedError) as failure:
                return NotDone(item=number, error=reason(failure))
        return Done(item=number, result=result)
