"""The service finds the order invalid: one call, and the reason is in the result."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Amplification, EffectsInOrder, HttpError, Outcome, Recorded
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=400, body={"error": "no such currency"})],
    expects=[
        Outcome(result={"success": False, "reason": "invalid_data"}),
        EffectsInOrder(operations=[]),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
                "failure": {"applicationFailureInfo": {"type": "ValidationError", "nonRetryable": True}},
            },
            count=1,
        ),
        Amplification(of=Payments.charge, per="order", at_most=1),
    ],
    claims=["CLS-001", "CLS-004"],
)
