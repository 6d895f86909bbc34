"""The shipment and then the refund are refused: the goods are released anyway, and the first failure is reported."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, NoOrphans, Outcome, Recorded, Status
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Carrier.ship, status=400, body={"error": "no such address"}),
        HttpError(on=Payments.refund, status=400, body={"error": "no such charge"}),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"failure": {"activityFailureInfo": {"activityType": {"name": "ship"}}}},
            count=1,
        ),
        Recorded(
            event="WorkflowPropertiesModified",
            # The name of the payment, as JSON in base64.
            having={"upsertedMemo": {"fields": {"left_standing": {"data": "WyJwYXltZW50Il0="}}}},
            count=1,
        ),
        Attempts(of=Payments.refund, count=1),
        EffectsInOrder(operations=[Inventory.reserve, Payments.charge, Inventory.release]),
        NoOrphans(but=[Payments.charge]),
    ],
    claims=["CMP-005"],
)
