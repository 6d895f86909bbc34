"""Saves checkpoints and reads none, as guides print it: a run that is retried does all of it again."""

from __future__ import annotations

from collections.abc import Iterable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.checkpoints.activities import Checkpoint

from scenarios.checkpoints.workflow import Batch, Done, ProcessWithCheckpoints

TRIED_WITH = ["checkpoints/storage_down_for_a_run"]
CONVICTED_BY = "attempts"


@workflow.defn(name="ProcessWithCheckpoints")
class NeverReadsItsCheckpoints(ProcessWithCheckpoints):
    """Begins with what it was given."""

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process the batch."""
        return await super().run(batch)

    async def _read(self, batch: Batch) -> Iterable[Checkpoint]:
        return []
