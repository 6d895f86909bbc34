"""Gives an ApplicationError its details by keyword, which it does not have: not the batch fails, but its task."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from scenarios.parallel.workflows.items import Items, Processed, ProcessItems

TRIED_WITH = ["parallel/two_in_ten_refused"]
CONVICTED_BY = "no_stuck_task"


@workflow.defn(name="ProcessItems")
class NamesItsDetails(ProcessItems):
    """As it is printed."""

    @workflow.run
    async def run(self, batch: Items) -> Processed:
        """Say which items are processed; fail when too many are not."""
        try:
            return await super().run(batch)
        except ApplicationError as failure:
            made: Any = ApplicationError
            raise made(failure.message, details={"failed_items": failure.details}) from failure
