"""The account does not cover it: one call, the customer is notified, and the result says how much is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Amplification, EffectsInOrder, Evidence, Finding, HttpError, Outcome, Recorded, broken
from scenarios.payment import all_well

INSUFFICIENT = HttpError(on=Payments.charge, status=402, body={"error": "insufficient_funds", "available": 1200})


@dataclass(frozen=True, kw_only=True)
class OneNotice:
    """One notice is sent, and says this.

    Attributes:
        body: What it says, by field.
    """

    body: Mapping[str, str]

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Compare with what the service received."""
        received = [call.body for call in evidence.calls_of(Notifications.send.service, Notifications.send.name)]
        if received != [self.body]:
            yield broken(self, f"the service received {received}, expected {[self.body]}.")


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
        OneNotice(body={"about": "o1", "kind": "payment_declined", "text": "insufficient funds for 4200 cents"}),
        Amplification(of=Payments.charge, per="order", at_most=1),
        # Not retryable of itself, too: the policy of another caller may not know the type.
        Recorded(
            event="ActivityTaskFailed",
            having={
                "failure": {
                    "message": "insufficient funds",
                    "applicationFailureInfo": {"type": "InsufficientFundsError", "nonRetryable": True},
                }
            },
            count=1,
        ),
    ],
    claims=["CLS-004", "CLS-007", "EXC-003", "EXC-005"],
)
