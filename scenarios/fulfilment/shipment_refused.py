"""The carrier refuses the shipment: asked once, then the money goes back, then the goods, and the order fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, CompensatedInReverse, EffectsInOrder, HttpError, NoOrphans, Outcome, Recorded, Status
from scenarios.fulfilment import all_well

UNDONE = [Inventory.reserve, Payments.charge, Payments.refund, Inventory.release]

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Carrier.ship, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"}, count=1),
        Attempts(of=Carrier.ship, count=1),
        Attempts(of=Carrier.call_back, count=0),
        EffectsInOrder(operations=UNDONE),
        Recorded(
            event="ActivityTaskScheduled",
            having={"scheduleToCloseTimeout": "0s", "retryPolicy": {"initialInterval": "0.040s"}},
            count=2,
        ),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["CMP-003"],
)
