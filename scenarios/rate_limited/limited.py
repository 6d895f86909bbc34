"""A limited policy: three attempts within 3 s; its cap of 10 s is never reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, Attempts, HttpError, Outcome, Recorded, RetrySchedule, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Enquiries.ask, count=3),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
        # Two waits, of 1 and 2 s: as without a cap.
        RetrySchedule(activity="ask", initial=timedelta(seconds=1)),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
    ],
    claims=["RTY-003", "RTY-011"],
)
