"""Every answer of the payment service is reset, the refund's too: all of it is undone, as far as anybody can know."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import AtMostOnce, EffectsInOrder, NoOrphans, Outcome, Recorded, Reset, Status
from scenarios.fulfilment import all_well, shipment_refused

scenario = replace(
    all_well.scenario,
    faults=[Reset(on=Payments)],
    expects=[
        # The payment's, and not that of the refund, which could not work either.
        Outcome(status=Status.FAILED, failure=("activity", "application ReadError")),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=2),
        Recorded(event="ActivityTaskScheduled", having={"activityType": {"name": "charge"}}, count=1),
        # The workflow cannot know that the money went back, so it has somebody look after it.
        Recorded(
            event="WorkflowPropertiesModified",
            # The name of the payment, as JSON in base64.
            having={"upsertedMemo": {"fields": {"left_standing": {"data": "WyJwYXltZW50Il0="}}}},
            count=1,
        ),
        # The requests got through, and under one key for each of the two.
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=shipment_refused.UNDONE),
        NoOrphans(),
    ],
    claims=["CMP-002", "CMP-005"],
)
