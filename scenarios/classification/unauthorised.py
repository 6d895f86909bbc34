"""The service refuses access: one call, and the workflow fails with the activity's own error."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Amplification, HttpError, Outcome, Recorded, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=401)],
    expects=[
        # Nothing wraps it: what a client sees has the ActivityError on top.
        Outcome(status=Status.FAILED, failure=("activity", "application AuthenticationError")),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"retryState": "RETRY_STATE_RETRY_POLICY_NOT_SET"},
            count=1,
        ),
        Recorded(
            event="ActivityTaskFailed",
            # Of itself, too: the policy of another caller may not know the type.
            having={"failure": {"applicationFailureInfo": {"type": "AuthenticationError", "nonRetryable": True}}},
            count=1,
        ),
        Amplification(of=Payments.charge, per="order", at_most=1),
    ],
    claims=["CLS-001", "CLS-005", "ERR-004", "EXC-005", "DEF-003"],
)
