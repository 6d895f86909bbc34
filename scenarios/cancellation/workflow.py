"""An operation that may take only so long: beyond its limit it is cancelled, and has cleaned up before that is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from scenarios.cancellation.activities import Chunks, OperationActivities

TOO_SLOW = "Operation timed out and was cancelled"


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with the service. The defaults are meant for production.

    Attributes:
        answer_within: For one chunk.
        silent_within: The heartbeat timeout; a request to cancel is noticed within 0.8 of it.
        attempt_within: The activity's start_to_close.
        attempts: How many.
        first_wait: Before the second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=10)
    silent_within: timedelta = timedelta(seconds=30)
    attempt_within: timedelta = timedelta(minutes=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)


@dataclass(frozen=True)
class Operation:
    """What to do.

    Attributes:
        size: How much data there is.
        limit: How long it may take.
        chunk: How much of it is processed at a time.
        when_cancelled: Whether to wait for the cleanup of what is cancelled (the default), only to ask for it, or not
            even that.
        patience: How long to bear with the service.
    """

    size: int
    limit: timedelta
    chunk: int = 100
    when_cancelled: ActivityCancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Ended:
    """How an operation ended.

    Attributes:
        success: Whether all of it was done.
        text: What the activity said, or why it said nothing.
    """

    success: bool
    text: str


@workflow.defn
class CancellableOperation:
    """Runs one long activity within a limit. Cancelled by its client, it cleans up and ends as Canceled."""

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
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            # The default, TRY_CANCEL, reports the cancellation before the cleanup has begun (CAN-005).
            cancellation_type=operation.when_cancelled,
        )
        try:
            # Not wait_for around it, which would cancel the activity and pass on its ActivityError (CAN-007).
            done, _ = await workflow.wait([work], timeout=operation.limit.total_seconds())
        except asyncio.CancelledError:
            # The wait is over, and the activity has not been told yet.
            await self._end(work)
            raise
        if done:
            return Ended(success=True, text=await work)
        return await self._end(work)

    async def _end(self, work: workflow.ActivityHandle[str]) -> Ended:
        """Cancel the activity, see it to its end, and say how it ended."""
        ending = asyncio.create_task(self._cancel(work))
        cancelled = False
        while not ending.done():
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError:
                # The client cancels while it is cleaned up: let that end first, and then do as the client says.
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError
        return ending.result()

    async def _cancel(self, work: workflow.ActivityHandle[str]) -> Ended:
        work.cancel()
        try:
            return Ended(success=True, text=await work)
        except ActivityError as error:
            # An ActivityError, and no asyncio.CancelledError (CAN-006).
            if is_cancelled_exception(error):
                return Ended(success=False, text=TOO_SLOW)
            raise
