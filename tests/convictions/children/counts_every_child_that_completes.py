"""Counts every child that completes as a success, also one that says in its result that it was none."""

from __future__ import annotations

from temporalio import workflow

from scenarios.children.workflow import Batch, BatchPlaced, PlaceOrders

TRIED_WITH = ["children/one_declined_one_refused"]
CONVICTED_BY = "outcome"


@workflow.defn(name="PlaceOrders")
class CountsEveryChildThatCompletes(PlaceOrders):
    """As it is commonly printed: whatever raises nothing has succeeded."""

    @workflow.run
    async def run(self, batch: Batch) -> BatchPlaced:
        """Say which orders were placed, and why the others were not."""
        outcome = await super().run(batch)
        declined = [one for one in outcome.failed if one.root_cause == "InsufficientFundsError"]
        outcome.failed = [one for one in outcome.failed if one not in declined]
        outcome.successful = [*outcome.successful, *(one.order for one in declined)]
        outcome.failed_count, outcome.successful_count = len(outcome.failed), len(outcome.successful)
        return outcome
