"""Each Retry-After is a date in the past, no number, or empty: it is ignored, and the policy's waits are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, NthCall, Outcome, Recorded, RetrySchedule
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

# The last date names no time zone.
HEADERS = ("Wed, 21 Oct 2015 07:28:00 GMT", "soon", "", "Wed, 21 Oct 2015 07:28:00 -0000")

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.CUSTOM),
    faults=[
        HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": header}, when=NthCall(n=number))
        for number, header in enumerate(HEADERS, start=1)
    ],
    expects=[
        Outcome(result=["all about rain"]),
        Attempts(of=Enquiries.ask, count=5),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 5, "lastFailure": {"applicationFailureInfo": {"type": "RateLimitError"}}},
            count=1,
        ),
        # 2, 4, 8 and 16 s.
        RetrySchedule(activity="ask", initial=timedelta(seconds=2)),
    ],
)
