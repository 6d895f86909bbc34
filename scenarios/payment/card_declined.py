"""The card has expired: one call, no notification, and the reason is in the result."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Amplification, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.payment import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=402, body={"error": "card_expired"})],
    expects=[
        Outcome(
            result={"success": False, "error": "card_declined", "details": {"reason": "card_expired", "last4": "4242"}}
        ),
        EffectsInOrder(operations=[]),
        Amplification(of=Payments.charge, per="order", at_most=1),
        # Not retryable of itself, too: the policy of another caller may not know the type.
        Recorded(
            event="ActivityTaskFailed",
            having={
                "failure": {
                    "message": "the card was declined",
                    "applicationFailureInfo": {"type": "CardDeclinedError", "nonRetryable": True},
                }
            },
            count=1,
        ),
    ],
    claims=["CLS-004", "EXC-005"],
)
