"""Saves full checkpoints only, as guides print it: what was done behind the last of them is told nowhere."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.checkpoints.activities import Checkpoint

from scenarios.checkpoints.workflow import Batch, Done, ProcessWithCheckpoints

TRIED_WITH = ["checkpoints/all_well", "checkpoints/cancelled"]
CONVICTED_BY = "contents"


@workflow.defn(name="ProcessWithCheckpoints")
class ForgetsTheRest(ProcessWithCheckpoints):
    """Has no end to save at."""

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process the batch."""
        return await super().run(batch)

    async def _store(self, checkpoint: Checkpoint, batch: Batch) -> None:
        if len(checkpoint.processed) + len(checkpoint.failed) >= batch.checkpoint_after:
            await super()._store(checkpoint, batch)
