"""The account does not cover it: one call, the customer is notified, and the result says how much is missing."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Amplification, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.payment import all_well

INSUFFICIENT = HttpError(on=Payments.charge, status=402, body={"error": "insufficient_funds", "available": 1200})

scenario = replace(
    all_well.scenario,
    faults=[INSUFFICIENT],
    expects=[
        Outcome(
            result={
                "success": False,
                "error": "insufficient_funds",
                "details": {"amount": 4200, "available_balance": 1200, "shortfall": 3000},
            }
        ),
        EffectsInOrder(operations=[Notifications.send]),
        Amplification(of=Payments.charge, per="order", at_most=1),
        # Not retryable of itself, too: the policy of another caller may not know the type.
        Recorded(
            event="ActivityTaskFailed",
            having={"failure": {"applicationFailureInfo": {"type": "InsufficientFundsError", "nonRetryable": True}}},
            count=1,
        ),
    ],
    claims=["CLS-004", "CLS-007", "EXC-003", "EXC-005"],
)
