"""The account does not cover the order: one call, the customer is notified, and the reason is in the result."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Amplification, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.classification import all_well

DECLINED = HttpError(on=Payments.charge, status=402, body={"error": "insufficient_funds", "balance": 100})

scenario = replace(
    all_well.scenario,
    faults=[DECLINED],
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": True}),
        EffectsInOrder(operations=[Notifications.send]),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "notify"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
                "failure": {"applicationFailureInfo": {"type": "PaymentDeclinedError", "nonRetryable": True}},
            },
            count=1,
        ),
        Amplification(of=Payments.charge, per="order", at_most=1),
    ],
    claims=["CLS-001", "CLS-004", "CLS-005", "EXC-005"],
)
