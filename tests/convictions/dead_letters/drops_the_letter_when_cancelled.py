"""Lets a cancellation stop the write of a letter: the item had been given up, and is lost."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.dead_letters.activities import Letter

from scenarios.dead_letters.workflow import Batch, Patience, Processed, ProcessItems

TRIED_WITH = ["dead_letters/cancelled_during_write"]
CONVICTED_BY = "accounted_for"


@workflow.defn(name="ProcessItems")
class DropsTheLetterWhenCancelled(ProcessItems):
    """Has nothing between the cancellation and the write."""

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process the batch."""
        return await super().run(batch)

    async def _bury(self, letter: Letter, patience: Patience) -> None:
        try:
            await self._write(letter, patience)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from error
            raise
        self._processed.dlq_count += 1
