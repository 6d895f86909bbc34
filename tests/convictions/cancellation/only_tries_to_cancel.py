"""Leaves the cancellation type at TRY_CANCEL: the workflow has ended before the activity could clean up for it."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow
from temporalio.workflow import ActivityCancellationType

from scenarios.cancellation.workflow import CancellableOperation, Ended, Operation

TRIED_WITH = ["cancellation/too_slow"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="CancellableOperation")
class OnlyTries(CancellableOperation):
    """Takes the default."""

    @workflow.run
    async def run(self, operation: Operation) -> Ended:
        """Say what became of the operation."""
        return await super().run(replace(operation, when_cancelled=ActivityCancellationType.TRY_CANCEL))
