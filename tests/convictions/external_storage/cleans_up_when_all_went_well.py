"""Deletes the data behind the last step, as guides print it: a workflow that does not come so far leaves them."""

from __future__ import annotations

from temporalio import workflow

from scenarios.external_storage.workflow import Patience, ProcessDataset, Processed, Wanted

TRIED_WITH = [
    "external_storage/storage_down_at_load",
    "external_storage/damaged_at_rest",
    "external_storage/store_never_answered",
    "external_storage/cancelled_during_store",
]
CONVICTED_BY = "no_orphan_objects"


@workflow.defn(name="ProcessDataset")
class CleansUpWhenAllWentWell(ProcessDataset):
    """Both are to be deleted only where there is no result."""

    @workflow.run
    async def run(self, wanted: Wanted) -> Processed:
        """Process the data set."""
        return await super().run(wanted)

    async def _clean_up(self, keys: list[str], patience: Patience) -> list[str]:
        return [] if len(keys) > 1 else await super()._clean_up(keys, patience)
