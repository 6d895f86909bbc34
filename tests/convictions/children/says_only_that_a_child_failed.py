"""Reports the text of the ChildWorkflowError, which is the same for every failure there is."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.children.workflow import Batch, BatchPlaced, PlaceOrders

TRIED_WITH = ["children/one_declined_one_refused"]
CONVICTED_BY = "outcome"


@workflow.defn(name="PlaceOrders")
class SaysOnlyThatAChildFailed(PlaceOrders):
    """Walks down to no cause."""

    @workflow.run
    async def run(self, batch: Batch) -> BatchPlaced:
        """Say which orders were placed, and why the others were not."""
        outcome = await super().run(batch)
        outcome.failed = [replace(one, error="Child Workflow execution failed") for one in outcome.failed]
        return outcome
