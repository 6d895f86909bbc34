"""Fails at the share that may fail, instead of above it."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.parallel.workflows.items import Items, Processed, ProcessItems

TRIED_WITH = ["parallel/one_in_ten_refused"]
CONVICTED_BY = "outcome"


@workflow.defn(name="ProcessItems")
class FailsAtATenth(ProcessItems):
    """Compares with "or equal"."""

    @workflow.run
    async def run(self, batch: Items) -> Processed:
        """Say which items are processed; fail when too many are not."""
        return await super().run(replace(batch, may_fail=batch.may_fail - 0.001))
