"""The payment is declined and the notification service is down: the result comes anyway, and reports both."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Attempts, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.classification import all_well
from scenarios.classification.declined import DECLINED

scenario = replace(
    all_well.scenario,
    faults=[DECLINED, HttpError(on=Notifications.send)],
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": False}),
        EffectsInOrder(operations=[]),
        Attempts(of=Notifications.send, count=3),
        Recorded(
            event="ActivityTaskFailed", having={"failure": {"applicationFailureInfo": {"type": "NotSent"}}}, count=1
        ),
    ],
    claims=["CLS-005"],
)
