"""Remembers a payment when its answer has come: money that was taken without an answer is never given back."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from scenarios.fulfilment.activities import Order
from scenarios.fulfilment.workflow import PRODUCTION, Do, Fulfilled, FulfilOrder, Patience, Undo

TRIED_WITH = ["fulfilment/payment_reply_lost"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="FulfilOrder")
class RefundsWhatWasConfirmed(FulfilOrder):
    """As it is commonly printed: `if payment_id: refund`."""

    @workflow.run
    async def run(self, order: Order, patience: Patience = PRODUCTION) -> Fulfilled:
        """Fulfil the order."""
        return await super().run(order, patience)

    async def _take(self, part: str, order: Order, do: Do, undo: Undo, patience: Patience) -> str:
        before = list(self._undo)
        try:
            return await super()._take(part, order, do, undo, patience)
        except ActivityError:
            self._undo = before
            raise
