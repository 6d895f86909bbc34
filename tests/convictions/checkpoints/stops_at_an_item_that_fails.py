"""Lets the failure of one item end the whole batch, as guides print it; nobody is ever noted as failed."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.checkpoints.workflow import Batch, Done, ProcessWithCheckpoints

TRIED_WITH = ["checkpoints/item_never_processed"]
CONVICTED_BY = "outcome"


@workflow.defn(name="ProcessWithCheckpoints")
class StopsAtAnItemThatFails(ProcessWithCheckpoints):
    """Fails as soon as an item does."""

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process the batch."""
        return await super().run(batch)

    async def _process(self, item: int, batch: Batch) -> None:
        await super()._process(item, batch)
        if self._failed:
            raise ApplicationError(f"item {item} failed", type="ItemFailed")
