"""Keeps its letters until the end and tries five times, as guides print it: what ends it before then loses them all."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.dead_letters.activities import ItemActivities, Letter

from scenarios.dead_letters.workflow import Batch, Patience, Processed, ProcessItems

TRIED_WITH = ["dead_letters/terminated", "dead_letters/queue_down"]
CONVICTED_BY = "accounted_for"


@workflow.defn(name="ProcessItems")
class WritesAtTheEnd(ProcessItems):
    """Has what is to be written in its memory only."""

    def __init__(self) -> None:
        super().__init__()
        self._letters: list[Letter] = []

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process the batch."""
        processed = await super().run(batch)
        for letter in self._letters:
            await workflow.execute_activity_method(
                ItemActivities.write_dead_letter,
                letter,
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=5),
            )
        return processed

    async def _bury(self, letter: Letter, patience: Patience) -> None:
        self._letters.append(letter)
        self._processed.dlq_count += 1
