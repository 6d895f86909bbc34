"""The service is unavailable: three attempts, then the fallback; a failed activity is no failed workflow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, HttpError, Outcome, Recorded, RetrySchedule
from scenarios.error_handling import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(result="Failed with fallback: the service answered 503"),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED",
                # A plain exception arrives under the name of its class, without its module.
                "failure": {"applicationFailureInfo": {"type": "ServiceError"}},
            },
            count=1,
        ),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        RetrySchedule(activity="ask", initial=timedelta(seconds=1)),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
    ],
    claims=["ERR-001", "ERR-002", "RTY-003"],
)
