"""One payment is declined, one shipment refused: the third order is placed, and the result has both reasons."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, FromCall, HttpError, Outcome, Recorded, Window
from scenarios.children import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Payments.charge, status=402, when=Window(opens=FromCall(n=1), closes=FromCall(n=2))),
        HttpError(on=Carrier.ship, status=400, when=Window(opens=FromCall(n=1), closes=FromCall(n=2))),
    ],
    expects=[
        Outcome(
            result={
                "successful_count": 1,
                "failed_count": 2,
                "successful": ["C"],
                "failed": [
                    {"order": "A", "error": "InsufficientFundsError", "root_cause": "InsufficientFundsError"},
                    {"order": "B", "error": "/shipments answered 400", "root_cause": "Refused"},
                ],
            }
        ),
        EffectsInOrder(operations=[Payments.charge, Payments.refund, Payments.charge, Carrier.ship]),
        # None is repeated by its policy, since what went wrong is not going to pass.
        Attempts(of=Payments.charge, count=3),
        Recorded(event="ChildWorkflowExecutionCompleted", count=2),
        Recorded(
            event="ChildWorkflowExecutionFailed",
            having={
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
                "failure": {
                    "message": "/shipments answered 400",
                    "cause": {
                        "activityFailureInfo": {"retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"},
                        "cause": {"applicationFailureInfo": {"type": "Refused"}},
                    },
                },
            },
            count=1,
        ),
    ],
    claims=["CHD-001", "CHD-002"],
)
