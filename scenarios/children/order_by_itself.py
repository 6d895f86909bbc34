"""An order with production's limits: its activities are scheduled under them, and undone from the last to the first."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, Clock, EffectsInOrder, LostReply, Outcome, Recorded, Server, Status
from scenarios.children import all_well
from scenarios.children.workflow import Order, PlaceOrder

# What is shipped is answered too late to be believed, so that both steps are there to be undone.
scenario = replace(
    all_well.scenario,
    workflow=PlaceOrder.run,
    given=Order(id="A", cents=4_200),
    # The waits before further attempts are skipped.
    server=Server(clock=Clock.SKIPPING),
    faults=[LostReply(on=Carrier.ship)],
    expects=[
        Outcome(status=Status.FAILED),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship, Carrier.call_back, Payments.refund]),
        Attempts(of=Carrier.ship, count=3),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=4,
        ),
    ],
    claims=(),
)
