"""The batch as guides print it, repaired where it would not run: letters are kept until the end, then written at once.

Nothing of it is to be copied. It shows what is lost and what is written twice that way (DLQ-004, DLQ-006, DLQ-007).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from scenarios.dead_letters.activities import Letter, item_activities, queue_client
from scenarios.dead_letters.workflow import Batch, Patience, Processed, ProcessItems


@workflow.defn(name="ProcessItems")
class WritesAtTheEnd(ProcessItems):
    """Writes all letters by one activity, after the last item, five times at most."""

    def __init__(self) -> None:
        super().__init__()
        self._letters: list[Letter] = []

    @workflow.run
    async def run(self, batch: Batch) -> Processed:
        """Process the batch."""
        processed = await super().run(batch)
        if self._letters:
            await workflow.execute_activity(
                "write_to_dlq",
                self._letters,
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(maximum_attempts=5, initial_interval=timedelta(seconds=5)),
            )
        return processed

    async def _bury(self, letter: Letter, patience: Patience) -> None:  # noqa: ARG002 - it is never used
        self._letters.append(letter)
        self._processed.dlq_count += 1


@asynccontextmanager
async def final_batch_activities(
    *, items: str, dead_letters: str, credentials: tuple[str, str] | None = None, region: str | None = None
) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities; the letters of a batch are written one by one, each as if it were new."""
    sqs = queue_client(dead_letters, credentials=credentials, region=region)

    @activity.defn
    async def write_to_dlq(letters: list[Letter]) -> None:
        """Write them all, from the first, whatever an earlier attempt has written."""
        for number, letter in enumerate(letters, start=1):
            await asyncio.to_thread(
                sqs.send_message,
                QueueUrl=dead_letters,
                MessageBody=json.dumps({"batch": letter.batch, "item": letter.item, "errors": letter.errors}),
                MessageGroupId=letter.key,
                MessageDeduplicationId=uuid4().hex,
            )
            activity.heartbeat(number)

    async with item_activities(items=items, dead_letters=dead_letters, credentials=credentials, region=region) as sound:
        yield [*sound, write_to_dlq]
