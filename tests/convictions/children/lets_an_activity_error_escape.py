"""Lets an ActivityError leave the order: its policy repeats all of it, charge and refund, for a refusal that stays."""

from __future__ import annotations

from temporalio import workflow

from scenarios.children._escaping import EscapingPlaceOrder
from scenarios.children.workflow import Order, Placed

TRIED_WITH = ["children/one_declined_one_refused"]
CONVICTED_BY = "attempts"


@workflow.defn(name="PlaceOrder")
class LetsAnActivityErrorEscape(EscapingPlaceOrder):
    """As it is commonly printed: `raise`, and a policy on the child."""

    @workflow.run
    async def run(self, order: Order) -> Placed:
        """Place the order."""
        return await super().run(order)
