"""An import moves a batch of entries and prints a summary: what Temporal has recorded of it is all that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.server_loss.activities import Batch, ImportActivities


@dataclass(frozen=True)
class Import:
    """What to import.

    Attributes:
        month: Which month.
        entries: How many entries it has.
        answer_within: For one request. Below `attempt_within` and `silence`.
        attempt_within: Of the batch (start_to_close).
        silence: Between two heartbeats (heartbeat). Longer than the server may be away, or an attempt that only
            could not report would be tried again beside itself.
        first_wait: Before the second attempt; doubles with each further one.
    """

    month: str
    entries: int = 5
    answer_within: timedelta = timedelta(seconds=10)
    attempt_within: timedelta = timedelta(minutes=30)
    silence: timedelta = timedelta(seconds=60)
    first_wait: timedelta = timedelta(seconds=1)


@workflow.defn
class ImportMonth:
    """Moves, then prints."""

    @workflow.run
    async def run(self, wanted: Import) -> int:
        """Import the month; returns how many entries it has."""
        batch = Batch(
            key=workflow.info().workflow_id,
            month=wanted.month,
            entries=wanted.entries,
            answer_within=wanted.answer_within,
        )
        policy = RetryPolicy(initial_interval=wanted.first_wait)
        moved = await workflow.execute_activity_method(
            ImportActivities.move_entries,
            batch,
            start_to_close_timeout=wanted.attempt_within,
            heartbeat_timeout=wanted.silence,
            retry_policy=policy,
        )
        await workflow.execute_activity_method(
            ImportActivities.print_summary, batch, start_to_close_timeout=wanted.attempt_within, retry_policy=policy
        )
        return moved
