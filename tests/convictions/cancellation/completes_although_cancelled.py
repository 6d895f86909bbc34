"""Cleans up when its client cancels, and then completes: the client never learns that it was cancelled."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.cancellation.workflow import TOO_SLOW, CancellableOperation, Ended, Operation

TRIED_WITH = ["cancellation/cancelled_by_client", "cancellation/cancelled_during_cleanup"]
CONVICTED_BY = "outcome"


@workflow.defn(name="CancellableOperation")
class CompletesAlthoughCancelled(CancellableOperation):
    """Handles a cancellation and does not pass it on."""

    @workflow.run
    async def run(self, operation: Operation) -> Ended:
        """Say what became of the operation."""
        try:
            return await super().run(operation)
        except asyncio.CancelledError:
            return Ended(success=False, text=TOO_SLOW)
