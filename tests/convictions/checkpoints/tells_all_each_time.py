"""Tells in each checkpoint of all that was ever done, as guides print it: each is larger than the one before."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.checkpoints.activities import Checkpoint

from scenarios.checkpoints.workflow import Batch, Done, ProcessWithCheckpoints

TRIED_WITH = ["checkpoints/all_well"]
CONVICTED_BY = "contents"


@workflow.defn(name="ProcessWithCheckpoints")
class TellsAllEachTime(ProcessWithCheckpoints):
    """Remembers everything."""

    def __init__(self) -> None:
        super().__init__()
        self._ever: list[int] = []

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process the batch."""
        return await super().run(batch)

    async def _store(self, checkpoint: Checkpoint, batch: Batch) -> None:
        self._ever += checkpoint.processed
        await super()._store(replace(checkpoint, processed=list(self._ever)), batch)
