"""Processes a data set that is too large for a payload: it lies in a storage, and nothing of it is left behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from scenarios.external_storage.activities import DataActivities, DataReference, Load, Process, Report


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services that fail. The defaults are meant for production.

    Attributes:
        attempts: Of each activity, in all.
        first_wait: Before the second attempt; doubles with each further one.
        answer_within: For one request to the database. Below `load_within`.
        load_within: The start_to_close of loading.
        silent_while_loading: After so long without a heartbeat a load's worker is taken for dead.
        process_within: The start_to_close of processing.
        silent_while_processing: Likewise.
        delete_within: The start_to_close of deleting.
    """

    attempts: int = 5
    first_wait: timedelta = timedelta(seconds=1)
    answer_within: timedelta = timedelta(minutes=5)
    load_within: timedelta = timedelta(minutes=10)
    silent_while_loading: timedelta = timedelta(seconds=30)
    process_within: timedelta = timedelta(minutes=30)
    silent_while_processing: timedelta = timedelta(minutes=1)
    delete_within: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Wanted:
    """What to process.

    Attributes:
        dataset: Which data set.
        patience: How long to bear with failing services.
    """

    dataset: str
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Processed:
    """What came of it.

    Attributes:
        records: How many there were.
        cents: Their sum.
        report: The report on them, which stays in the storage.
        left_behind: Keys of objects that should be gone and could not be deleted: for somebody to see to.
    """

    records: int
    cents: int
    report: DataReference
    left_behind: list[str]


@workflow.defn
class ProcessDataset:
    """Has a data set stored, processed and deleted again, on every way out."""

    @workflow.run
    async def run(self, wanted: Wanted) -> Processed:
        """Process the data set. A cancellation that comes when the report is done comes too late."""
        # Known before anything is stored: what a lost answer would have told is deleted, too. The run is in it, so
        # that a later workflow of the same id leaves alone what this one's result refers to.
        info = workflow.info()
        name = f"{wanted.dataset}/{info.workflow_id}/{info.first_execution_run_id}.json"
        data, report = f"datasets/{name}", f"reports/{name}"
        try:
            done = await self._process(wanted, data_key=data, report_key=report)
        except BaseException:
            await self._clean_up([data, report], wanted.patience)
            raise
        left = await self._clean_up([data], wanted.patience)
        return Processed(records=done.records, cents=done.cents, report=done.report, left_behind=left)

    async def _process(self, wanted: Wanted, *, data_key: str, report_key: str) -> Report:
        patience = wanted.patience
        retries = RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts)
        stored = await workflow.execute_activity_method(
            DataActivities.load_and_store,
            Load(dataset=wanted.dataset, storage_key=data_key, answer_within=patience.answer_within),
            start_to_close_timeout=patience.load_within,
            heartbeat_timeout=patience.silent_while_loading,
            retry_policy=retries,
            # What it stores as it is cancelled must stand before the cleaning up.
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        self._unless_cancelled()
        return await workflow.execute_activity_method(
            DataActivities.process,
            Process(data=stored, report_key=report_key),
            start_to_close_timeout=patience.process_within,
            heartbeat_timeout=patience.silent_while_processing,
            retry_policy=retries,
            cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )

    def _unless_cancelled(self) -> None:
        # An attempt that ends before it hears of the cancellation returns as if there had been none.
        if workflow.cancellation_reason() is not None:
            raise asyncio.CancelledError

    async def _clean_up(self, keys: list[str], patience: Patience) -> list[str]:
        """Delete what nobody refers to, whatever comes meanwhile; returns what could not be deleted."""
        deleting = asyncio.gather(*(self._delete(key, patience) for key in keys))
        while not deleting.done():
            try:
                await asyncio.shield(deleting)
            except asyncio.CancelledError:
                workflow.logger.info("cancelled while cleaning up, which goes on")
        return [key for key, deleted in zip(keys, deleting.result(), strict=True) if not deleted]

    async def _delete(self, key: str, patience: Patience) -> bool:
        try:
            await workflow.execute_activity_method(
                DataActivities.delete,
                key,
                start_to_close_timeout=patience.delete_within,
                # Limited: a result that is there must not wait for a storage that is not (EXT-006).
                retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
            )
        except ActivityError:
            workflow.logger.warning("%s could not be deleted", key)
            return False
        return True
