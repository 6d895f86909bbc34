"""Every answer is reset and the answer is critical: the workflow fails, with the whole chain of causes."""

from __future__ import annotations

from dataclasses import replace

from temporalio.common import RetryPolicy

from fakes.enquiries import Enquiries
from harness import Attempts, Outcome, Recorded, Reset, StartOptions, Status
from scenarios.error_handling import all_well
from scenarios.error_handling.workflow import Wish

scenario = replace(
    all_well.scenario,
    given=Wish(text="critical levels"),
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=3)),
    faults=[Reset(on=Enquiries)],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=("application", "activity", "application ServiceError", "application ReadError"),
        ),
        Recorded(
            event="WorkflowExecutionFailed",
            having={
                # Marked: the workflow's own policy does not run it again.
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
                "failure": {
                    "message": "Critical operation failed",
                    "applicationFailureInfo": {"nonRetryable": True},
                    "cause": {"activityFailureInfo": {"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}},
                },
            },
            count=1,
        ),
        Attempts(of=Enquiries.ask, count=3),
    ],
    claims=["ERR-009", "DEF-005", "EXC-010"],
)
