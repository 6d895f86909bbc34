"""Gathers without return_exceptions: the first item that fails fails the batch, and ends or never begins the others."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.fan_out.workflow import Batch, Done, ProcessAll, Told
from scenarios.fan_out.workflows.item import Item, ProcessItem

TRIED_WITH = ["fan_out/three_refused"]
CONVICTED_BY = "children_accounted_for"


@workflow.defn(name="ProcessAll")
class FailsWithTheFirst(ProcessAll):
    """As it is printed for the throttled batch, with the default close policy."""

    @workflow.run
    async def run(self, batch: Batch) -> Told:
        """Say which items are processed."""
        places = asyncio.Semaphore(batch.at_once)
        parent = workflow.info().workflow_id

        async def one(number: int) -> Done:
            async with places:
                result = await workflow.execute_child_workflow(
                    ProcessItem.run,
                    Item(batch=parent, item=number, patience=batch.patience),
                    id=f"{parent}:{number}",
                )
                return Done(item=number, result=result)

        results = await asyncio.gather(*(one(number) for number in batch.items))
        return Told(total=len(results), successful=len(results), results=list(results))
