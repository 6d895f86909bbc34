"""Very many items, a batch of them an activity: so many batches at once, and none waits for others to be done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from temporalio import workflow
from temporalio.common import RetryPolicy

from scenarios.parallel.workflow import Patience

with workflow.unsafe.imports_passed_through():
    from scenarios.parallel.activities import ItemActivities, Step


@dataclass(frozen=True)
class Batches:
    """What to process.

    Attributes:
        items: How many items; the activity is told which by the number of their batch.
        batch_size: How many of them an activity processes.
        max_parallel: How many activities are under way at the same time. An activity that takes a second for each of
            100 items makes 10 of them take 1,000 s for 10,000 items, not 100 s (PAR-009).
        patience: How long to bear with a failing service.
    """

    items: int
    batch_size: int = 100
    max_parallel: int = 10
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Counted:
    """What was processed.

    Attributes:
        batches_processed: How many batches.
        items_processed: How many items.
    """

    batches_processed: int
    items_processed: int


@workflow.defn
class ProcessInBatches:
    """Processes all batches; a batch that fails for good fails the workflow, once those under way have ended."""

    @workflow.run
    async def run(self, work: Batches) -> Counted:
        """Say how many were processed."""
        sizes = [min(work.batch_size, work.items - first) for first in range(0, work.items, work.batch_size)]
        # Places instead of groups: in groups a slow batch holds up all of the next group (PAR-009).
        places = asyncio.Semaphore(work.max_parallel)
        ended = await asyncio.gather(
            *(self._batch(number, work.patience, places) for number in range(len(sizes))), return_exceptions=True
        )
        for one in ended:
            if one is not None:
                raise one
        return Counted(batches_processed=len(sizes), items_processed=sum(sizes))

    async def _batch(self, number: int, patience: Patience, places: asyncio.Semaphore) -> None:
        batch = workflow.info().workflow_id
        async with places:
            await workflow.execute_activity_method(
                ItemActivities.process_item,
                Step(of=batch, key=f"{batch}:{number}", answer_within=patience.answer_within, item=number),
                start_to_close_timeout=patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            )
