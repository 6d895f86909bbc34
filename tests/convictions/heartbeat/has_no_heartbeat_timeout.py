"""Sets no heartbeat timeout: the server hears of one heartbeat in 30 s, and a crash repeats the rest."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from scenarios.heartbeat.activities import BatchActivities, Processed, Work
from scenarios.heartbeat.workflow import Batch, ProcessBatch

TRIED_WITH = ["heartbeat/killed_at_checkpoint"]
CONVICTED_BY = "repeats_bounded"


@workflow.defn(name="ProcessBatch")
class HasNoHeartbeatTimeout(ProcessBatch):
    """Heartbeats for nobody."""

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process every item once."""
        patience = batch.patience
        return await workflow.execute_activity_method(
            BatchActivities.process_batch,
            Work(batch=workflow.info().workflow_id, items=batch.items, answer_within=patience.answer_within),
            # Something has to end the attempt of the worker that was killed.
            start_to_close_timeout=timedelta(seconds=4),
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
        )
