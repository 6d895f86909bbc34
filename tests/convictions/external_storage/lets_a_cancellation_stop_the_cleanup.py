"""Deletes the data in a finally block and shields nothing: a cancellation that comes then loses the result."""

from __future__ import annotations

from temporalio import workflow

from scenarios.external_storage.workflow import Patience, ProcessDataset, Processed, Wanted

TRIED_WITH = ["external_storage/cancelled_during_cleanup"]
CONVICTED_BY = "no_orphan_objects"


@workflow.defn(name="ProcessDataset")
class LetsACancellationStopTheCleanup(ProcessDataset):
    """Awaits the deletions as they are."""

    @workflow.run
    async def run(self, wanted: Wanted) -> Processed:
        """Process the data set."""
        return await super().run(wanted)

    async def _clean_up(self, keys: list[str], patience: Patience) -> list[str]:
        return [key for key in keys if not await self._delete(key, patience)]
