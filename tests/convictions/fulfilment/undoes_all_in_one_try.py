"""Undoes everything in one try block: the first undo that fails skips the others, and takes the failure's place."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.fulfilment.activities import Order
from scenarios.fulfilment.workflow import PRODUCTION, Fulfilled, FulfilOrder, Patience

TRIED_WITH = ["fulfilment/refund_refused"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="FulfilOrder")
class UndoesAllInOneTry(FulfilOrder):
    """As it is commonly printed."""

    @workflow.run
    async def run(self, order: Order, patience: Patience = PRODUCTION) -> Fulfilled:
        """Fulfil the order."""
        return await super().run(order, patience)

    async def _undo_all(self, patience: Patience) -> None:
        while self._undo:
            _, undo, step = self._undo.pop()
            await workflow.execute_activity_method(undo, step, start_to_close_timeout=patience.attempt_within)
