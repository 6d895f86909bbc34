"""Has all items in one run, as guides print it: its history grows with their number, up to where the server ends it."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.checkpoints.workflow import Batch, Done, ProcessWithCheckpoints

TRIED_WITH = ["checkpoints/renewed"]
CONVICTED_BY = "history_bounded"


@workflow.defn(name="ProcessWithCheckpoints")
class NeverRenews(ProcessWithCheckpoints):
    """Knows of no next run."""

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process all of the batch."""
        return await super().run(replace(batch, items_per_run=len(batch.items)))
