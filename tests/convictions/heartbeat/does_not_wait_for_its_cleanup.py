"""Does not wait for the activity that it cancels: the workflow has ended, and its batch is still being discarded."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.heartbeat.activities import BatchActivities, Processed, Work
from scenarios.heartbeat.workflow import Batch, ProcessBatch

TRIED_WITH = ["heartbeat/cancelled"]
CONVICTED_BY = "nothing_after_close"


@workflow.defn(name="ProcessBatch")
class DoesNotWait(ProcessBatch):
    """Leaves the cancellation type at its default, TRY_CANCEL."""

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
        )
