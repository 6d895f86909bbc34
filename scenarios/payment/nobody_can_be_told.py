"""The payment is declined and the notification service is down: the result comes anyway, after three calls."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Amplification, Attempts, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.payment import all_well
from scenarios.payment.insufficient_funds import INSUFFICIENT

scenario = replace(
    all_well.scenario,
    faults=[INSUFFICIENT, HttpError(on=Notifications.send)],
    expects=[
        Outcome(result={"success": False, "error": "insufficient_funds"}),
        EffectsInOrder(operations=[]),
        Amplification(of=Notifications.send, per="about", at_most=3),
        Attempts(of=Notifications.send, count=3),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "send_notification"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
    ],
    claims=["CLS-007"],
)
