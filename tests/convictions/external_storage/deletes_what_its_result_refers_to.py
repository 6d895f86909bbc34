"""Deletes everything it stored, and returns a reference to it."""

from __future__ import annotations

from temporalio import workflow

from scenarios.external_storage.workflow import Patience, ProcessDataset, Processed, Wanted

TRIED_WITH = ["external_storage/all_well"]
CONVICTED_BY = "no_orphan_objects"


@workflow.defn(name="ProcessDataset")
class DeletesWhatItsResultRefersTo(ProcessDataset):
    """Knows of one cleaning up."""

    @workflow.run
    async def run(self, wanted: Wanted) -> Processed:
        """Process the data set."""
        return await super().run(wanted)

    async def _clean_up(self, keys: list[str], patience: Patience) -> list[str]:
        [data] = keys
        return await super()._clean_up([data, data.replace("datasets/", "reports/", 1)], patience)
