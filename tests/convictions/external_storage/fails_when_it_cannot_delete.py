"""Throws a result away that is there, since the data behind it could not be deleted."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.external_storage.workflow import Patience, ProcessDataset, Processed, Wanted

TRIED_WITH = ["external_storage/cleanup_never_works"]
CONVICTED_BY = "outcome"


@workflow.defn(name="ProcessDataset")
class FailsWhenItCannotDelete(ProcessDataset):
    """Takes the cleaning up for a part of the work."""

    @workflow.run
    async def run(self, wanted: Wanted) -> Processed:
        """Process the data set."""
        return await super().run(wanted)

    async def _clean_up(self, keys: list[str], patience: Patience) -> list[str]:
        if left := await super()._clean_up(keys, patience):
            raise ApplicationError(f"could not delete {left}", type="CleanupFailed")
        return []
