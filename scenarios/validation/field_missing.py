"""A field is missing: the workflow fails at once with what it was given, does nothing, and is not run again."""

from __future__ import annotations

import base64
from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Outcome, Recorded, Status
from scenarios.validation import all_well

# What was given, as JSON.
GIVEN = {
    "metadata": {"encoding": base64.b64encode(b"json/plain").decode()},
    "data": base64.b64encode(b'{"month":"May"}').decode(),
}

scenario = replace(
    all_well.scenario,
    given={"month": "May"},
    expects=[
        Outcome(status=Status.FAILED, failure=("application ValidationError",)),
        Recorded(
            event="WorkflowExecutionFailed",
            having={
                "failure": {
                    "message": "missing: number",
                    "applicationFailureInfo": {"nonRetryable": True, "details": {"payloads": [GIVEN]}},
                },
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
            },
            count=1,
        ),
        Recorded(event="WorkflowExecutionStarted", count=1),
        Recorded(event="ActivityTaskScheduled", count=0),
        Attempts(of=Bookkeeping.post, count=0),
    ],
    claims=["DET-001"],
)
