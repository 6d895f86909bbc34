"""Puts `wait_for` around the activity: it cancels the handle, passes on its error, and the workflow fails."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from scenarios.cancellation.activities import Chunks, OperationActivities
from scenarios.cancellation.workflow import TOO_SLOW, CancellableOperation, Ended, Operation

TRIED_WITH = ["cancellation/too_slow"]
CONVICTED_BY = "outcome"


@workflow.defn(name="CancellableOperation")
class WaitsFor(CancellableOperation):
    """Expects a TimeoutError, as it is commonly told."""

    @workflow.run
    async def run(self, operation: Operation) -> Ended:
        """Say what became of the operation."""
        patience = operation.patience
        work = workflow.start_activity_method(
            OperationActivities.work_through,
            Chunks(
                operation=workflow.info().workflow_id,
                size=operation.size,
                chunk=operation.chunk,
                answer_within=patience.answer_within,
            ),
            start_to_close_timeout=patience.attempt_within,
            heartbeat_timeout=patience.silent_within,
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        try:
            return Ended(success=True, text=await asyncio.wait_for(work, operation.limit.total_seconds()))
        except TimeoutError:
            return Ended(success=False, text=TOO_SLOW)
