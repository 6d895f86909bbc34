"""A batch of items, worked through by one long activity: whatever happens to workers, no item is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from scenarios.heartbeat.activities import BatchActivities, Processed, Work


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with a batch. The defaults are meant for production.

    Attributes:
        answer_within: For one item. Below `silent_within`, so that a service that hangs fails the attempt, which then
            takes its latest heartbeat along, instead of letting it run into the heartbeat timeout.
        silent_within: The heartbeat timeout: after so long without a heartbeat the worker counts as lost. After a
            crash at most 0.8 times as much work is repeated (HB-001, HB-004).
        attempt_within: For all items in one attempt, its start_to_close.
        attempts: How many, over all of the batch.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=10)
    silent_within: timedelta = timedelta(seconds=30)
    attempt_within: timedelta = timedelta(minutes=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Batch:
    """What to process.

    Attributes:
        items: How many items.
        patience: How long to bear with failing services and workers.
    """

    items: int
    patience: Patience = field(default_factory=Patience)


@workflow.defn
class ProcessBatch:
    """Processes a batch; a cancelled one is discarded before the workflow ends as Canceled."""

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process every item once."""
        patience = batch.patience
        return await workflow.execute_activity_method(
            BatchActivities.process_batch,
            Work(batch=workflow.info().workflow_id, items=batch.items, answer_within=patience.answer_within),
            start_to_close_timeout=patience.attempt_within,
            heartbeat_timeout=patience.silent_within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            # Otherwise the workflow would end while the activity is still discarding (CAN-005).
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
