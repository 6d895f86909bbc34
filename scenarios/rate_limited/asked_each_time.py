"""The service asks for a minute each time: kept, and the attempts are counted all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, HttpError, Outcome, Recorded, RetrySchedule, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

MINUTE = timedelta(seconds=60)

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    faults=[HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": "60"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimitError")),
        RetrySchedule(activity="ask", initial=timedelta(seconds=1), asked={1: MINUTE, 2: MINUTE}),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED",
                # What was asked for last can still be read, for whoever wants to try again later.
                "failure": {"applicationFailureInfo": {"nextRetryDelay": "60s"}},
            },
            count=1,
        ),
    ],
    claims=["RTY-010"],
)
