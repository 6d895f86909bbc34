"""Writes a letter five times at most: a queue that is down for longer loses the item, and the batch goes on."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from scenarios.dead_letters.activities import ItemActivities, Letter

from scenarios.dead_letters.workflow import Batch, Patience, Processed, ProcessItems

TRIED_WITH = ["dead_letters/queue_down"]
CONVICTED_BY = "accounted_for"


@workflow.defn(name="ProcessItems")
class GivesUpWriting(ProcessItems):
    """Takes five for enough."""

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process the batch."""
        return await super().run(batch)

    async def _write(self, letter: Letter, patience: Patience) -> None:
        try:
            await workflow.execute_activity_method(
                ItemActivities.write_dead_letter,
                letter,
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(maximum_attempts=5, initial_interval=patience.write_first_wait),
            )
        except ActivityError:
            workflow.logger.error("item %s could not be written", letter.item)
