"""Calls it a rolling window, and works in batches: each waits for the slowest item of the one before it."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.fan_out.workflow import Batch, ProcessAll, Told

TRIED_WITH = ["fan_out/all_well"]
CONVICTED_BY = "window_kept"


@workflow.defn(name="ProcessAll")
class TakesBatchesForAWindow(ProcessAll):
    """As it is printed, with a pause after the last batch as well."""

    @workflow.run
    async def run(self, batch: Batch) -> Told:
        """Say which items are processed."""
        told = Told()
        for first in range(0, len(batch.items), batch.at_once):
            told = await super().run(replace(batch, items=batch.items[first : first + batch.at_once], told=told))
            await workflow.sleep(0.01)
        return told
