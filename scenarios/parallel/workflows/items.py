"""Many items at once, and a share of them may fail: above it the batch fails, and says which items did."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from scenarios.parallel.workflow import Patience

with workflow.unsafe.imports_passed_through():
    from scenarios.parallel.activities import ItemActivities, Step


@dataclass(frozen=True)
class Items:
    """What to process.

    Attributes:
        items: The items.
        may_fail: Which share of them may fail; a greater one fails the batch.
        at_once: How many activities may be under way. A run may have 2,000 by default, and one more fails its workflow
            task for ever (PAR-010).
        patience: How long to bear with a failing service.
    """

    items: list[int]
    may_fail: float = 0.1
    at_once: int = 100
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Done:
    """An item that is processed.

    Attributes:
        item: Which.
        result: What the service said.
    """

    item: int
    result: str


@dataclass(frozen=True)
class NotDone:
    """An item that is not.

    Attributes:
        item: Which.
        error: The text of the failure's cause: that of the failure is always "Activity task failed" (PAR-005).
    """

    item: int
    error: str


@dataclass(frozen=True)
class Processed:
    """What became of a batch.

    Attributes:
        successful: The items that are processed.
        failed: Those that are not.
        success_rate: The share of the former; of no items, none has failed.
    """

    successful: list[Done]
    failed: list[NotDone]
    success_rate: float


@workflow.defn
class ProcessItems:
    """Processes every item, so many at once."""

    @workflow.run
    async def run(self, batch: Items) -> Processed:
        """Say which items are processed; fail when too many are not."""
        places = asyncio.Semaphore(batch.at_once)
        ended = await asyncio.gather(*(self._one(item, batch, places) for item in batch.items))
        done = [one for one in ended if isinstance(one, Done)]
        failed = [one for one in ended if isinstance(one, NotDone)]
        # An empty batch has no share (PAR-007).
        share = len(failed) / len(ended) if ended else 0.0
        if share > batch.may_fail:
            # Details are positional; a keyword of that name would fail the workflow task, for ever (PAR-005).
            raise ApplicationError(
                f"Batch processing failed: {len(failed)} items",
                {"failed_items": failed, "successful_items": done},
                type="BatchFailed",
                non_retryable=True,
            )
        return Processed(successful=done, failed=failed, success_rate=1.0 - share)

    async def _one(self, item: int, batch: Items, places: asyncio.Semaphore) -> Done | NotDone:
        patience, batch_id = batch.patience, workflow.info().workflow_id
        async with places:
            try:
                result = await workflow.execute_activity_method(
                    ItemActivities.process_item,
                    Step(of=batch_id, key=f"{batch_id}:{item}", answer_within=patience.answer_within, item=item),
                    start_to_close_timeout=patience.attempt_within,
                    retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
                )
            except ActivityError as failure:
                # A cancelled batch is no batch of failed items.
                if is_cancelled_exception(failure):
                    raise
                return NotDone(item=item, error=str(failure.cause))
        return Done(item=item, result=result)
