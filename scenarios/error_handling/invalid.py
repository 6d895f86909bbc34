"""The service refuses what it is asked: tried three times although it cannot succeed, then the fallback says why."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, Outcome, Recorded
from scenarios.error_handling import all_well
from scenarios.error_handling.workflow import Wish

# Nothing is broken here but the input.
scenario = replace(
    all_well.scenario,
    given=Wish(text="invalid weather"),
    expects=[
        Outcome(result="Failed with fallback: Invalid data: invalid weather"),
        Attempts(of=Enquiries.ask, count=3),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED",
                "failure": {
                    "message": "Invalid data: invalid weather",
                    "applicationFailureInfo": {"type": "ValueError"},
                },
            },
            count=1,
        ),
    ],
    claims=["ERR-002", "ERR-009", "CLS-001"],
)
