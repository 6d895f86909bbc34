"""A refusal that leaves the order as an ActivityError is retried: charge and refund three times, without success."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.children import all_well
from scenarios.children._escaping import EscapingPlaceOrder
from scenarios.children.workflow import Batch, PlaceOrders

scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, workflows=[PlaceOrders, EscapingPlaceOrder]),
    given=Batch(orders=all_well.ORDERS[:1]),
    faults=[HttpError(on=Carrier.ship, status=400)],
    expects=[
        Outcome(result={"successful_count": 0, "failed_count": 1}),
        EffectsInOrder(operations=[Payments.charge, Payments.refund] * 3),
        Attempts(of=Carrier.ship, count=3),
        Recorded(
            event="ChildWorkflowExecutionFailed",
            having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"},
            count=1,
        ),
    ],
    claims=["CMP-008"],
)
