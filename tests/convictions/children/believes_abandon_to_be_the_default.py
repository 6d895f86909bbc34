"""Sets no parent close policy, believing ABANDON to be the default: the order in hand is terminated with the batch."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow
from temporalio.workflow import ParentClosePolicy

from scenarios.children.workflow import Batch, BatchPlaced, PlaceOrders

TRIED_WITH = ["children/parent_terminated"]
CONVICTED_BY = "recorded"


@workflow.defn(name="PlaceOrders")
class BelievesAbandonToBeTheDefault(PlaceOrders):
    """Leaves it to Temporal."""

    @workflow.run
    async def run(self, batch: Batch) -> BatchPlaced:
        """Say which orders were placed, and why the others were not."""
        return await super().run(replace(batch, when_closed=ParentClosePolicy.UNSPECIFIED))
