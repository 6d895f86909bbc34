"""Processes any number of items, and tells a storage, at every checkpoint, which ones were done since the last."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.checkpoints.activities import Behind, Checkpoint, CheckpointActivities, Item


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services that fail. The defaults are meant for production.

    Attributes:
        tries: Of an item, in all.
        saves: Of a checkpoint, in all. If none of them works the run fails: what it did could not be told.
        first_wait: Before the second attempt; doubles with each further one.
        answer_within: For one request of an item's. Below `attempt_within`.
        attempt_within: The start_to_close of everything.
    """

    tries: int = 3
    saves: int = 5
    first_wait: timedelta = timedelta(seconds=1)
    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)


@dataclass(frozen=True)
class Batch:
    """What to process, and how far it is: all that one run hands to the next.

    Attributes:
        name: Which batch.
        items: The numbers of the items that are left; 2 MiB of them at most, as every argument.
        checkpoint_after: So many items are told in one checkpoint.
        items_per_run: A run is over after so many, or when the server suggests it. An item is six events, so that
            5,000 come to 30,000 of the 51,200 that a history may have.
        patience: How long to bear with failing services.
        checkpoints: How many checkpoints there are.
        processed: How many items they tell as processed.
        failed: How many they tell as given up.
    """

    name: str
    items: list[int]
    checkpoint_after: int = 1000
    items_per_run: int = 5000
    patience: Patience = field(default_factory=Patience)
    checkpoints: int = 0
    processed: int = 0
    failed: int = 0

    def behind(self, checkpoint: Checkpoint) -> Batch:
        """This batch with a checkpoint that tells more of it."""
        told = {*checkpoint.processed, *checkpoint.failed}
        return replace(
            self,
            items=[one for one in self.items if one not in told],
            checkpoints=checkpoint.number,
            processed=self.processed + len(checkpoint.processed),
            failed=self.failed + len(checkpoint.failed),
        )


@dataclass(frozen=True)
class Done:
    """What became of a batch; which items those were is told by the checkpoints.

    Attributes:
        processed: How many items were processed.
        failed: How many were given up.
        checkpoints: How many checkpoints tell of them.
    """

    processed: int
    failed: int
    checkpoints: int


@workflow.defn
class ProcessWithCheckpoints:
    """Processes item after item, over as many runs as it takes."""

    def __init__(self) -> None:
        self._processed: list[int] = []
        self._failed: list[int] = []

    @workflow.run
    async def run(self, batch: Batch) -> Done:
        """Process what no checkpoint tells of yet. A cancelled batch saves what it did, and then ends as Canceled."""
        # A run that is retried begins with what its first attempt was given, and must not do all of it again.
        for found in await self._read(batch):
            batch = batch.behind(found)
        of_this_run = batch.items[: batch.items_per_run]
        try:
            for item in of_this_run:
                await self._process(item, batch)
                if len(self._processed) + len(self._failed) >= batch.checkpoint_after:
                    batch = await self._save(batch)
                if workflow.info().is_continue_as_new_suggested():
                    break
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(self._save(batch)))
            raise
        # Also what does not fill a checkpoint.
        batch = await self._save(batch)
        if batch.items:
            workflow.continue_as_new(batch)
        return Done(processed=batch.processed, failed=batch.failed, checkpoints=batch.checkpoints)

    async def _process(self, item: int, batch: Batch) -> None:
        patience = batch.patience
        try:
            await workflow.execute_activity_method(
                CheckpointActivities.process_item,
                Item(key=f"{_series()}:{item}", batch=batch.name, item=item, answer_within=patience.answer_within),
                start_to_close_timeout=patience.attempt_within,
                retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.tries),
            )
        except ActivityError as failure:
            if is_cancelled_exception(failure):
                raise asyncio.CancelledError from failure
            # One item that fails does not stop the others.
            self._failed.append(item)
        else:
            self._processed.append(item)

    async def _save(self, batch: Batch) -> Batch:
        """Save what was done since the last checkpoint, if anything was."""
        if not self._processed and not self._failed:
            return batch
        checkpoint = Checkpoint(
            series=_series(),
            number=batch.checkpoints + 1,
            processed=sorted(self._processed),
            failed=sorted(self._failed),
        )
        await self._store(checkpoint, batch)
        self._processed.clear()
        self._failed.clear()
        return batch.behind(checkpoint)

    async def _store(self, checkpoint: Checkpoint, batch: Batch) -> None:
        await workflow.execute_activity_method(
            CheckpointActivities.save_checkpoint,
            checkpoint,
            start_to_close_timeout=batch.patience.attempt_within,
            retry_policy=_retries(batch.patience),
        )

    async def _read(self, batch: Batch) -> Iterable[Checkpoint]:
        return await workflow.execute_activity_method(
            CheckpointActivities.read_checkpoints,
            Behind(series=_series(), number=batch.checkpoints),
            start_to_close_timeout=batch.patience.attempt_within,
            retry_policy=_retries(batch.patience),
        )


def _retries(patience: Patience) -> RetryPolicy:
    return RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.saves)


def _series() -> str:
    """The name of all checkpoints of one batch: the same for every run that goes on with it."""
    info = workflow.info()
    return f"{info.workflow_id}/{info.first_execution_run_id}"
