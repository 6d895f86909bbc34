"""The payment service is unavailable: three attempts, then the goods are released, and the order fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, CompensatedInReverse, EffectsInOrder, HttpError, NoOrphans, Outcome, Recorded, Status
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
        Attempts(of=Payments.charge, count=3),
        Attempts(of=Carrier.ship, count=0),
        # Nobody knows what three unanswered attempts have done: they are taken back, and there was nothing.
        Attempts(of=Payments.refund, count=1),
        EffectsInOrder(operations=[Inventory.reserve, Inventory.release]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["CMP-002"],
)
