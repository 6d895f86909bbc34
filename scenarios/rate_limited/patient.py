"""A patient policy and two questions at once: twenty attempts each, over 70 minutes, in lockstep to the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, HttpError, Outcome, Recorded, RetrySchedule, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain", "snow"], patience=Patience.PATIENT),
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        # 5, 10, 20, 40, 80, 160 s and thirteen times 300 s, and no chance in it: whoever fails together comes back
        # together, twenty times. A jitter of a hundredth would be 3 s here.
        RetrySchedule(activity="ask", initial=timedelta(seconds=5), maximum=timedelta(minutes=5)),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}),
        # The workflow fails with the first question that is given up; the other may be one attempt short then.
        Recorded(event="ActivityTaskStarted", having={"attempt": 20}),
        Amplification(of=Enquiries.ask, per="text", at_most=20),
    ],
    claims=["RTY-001", "RTY-003", "RTY-005", "RTY-011"],
)
