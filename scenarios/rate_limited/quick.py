"""A quick policy: the tenth attempt is answered, 5.1 s after the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded, RetrySchedule
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.QUICK),
    faults=[HttpError(on=Enquiries.ask, when=FirstCalls(n=9))],
    expects=[
        Outcome(result=["all about rain"]),
        Attempts(of=Enquiries.ask, count=10),
        RetrySchedule(
            activity="ask", initial=timedelta(milliseconds=100), coefficient=1.5, maximum=timedelta(seconds=1)
        ),
        # A busy machine waits for longer than a tenth of a second by itself: what was asked for is in the history.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.100s"}}),
    ],
    claims=["RTY-001", "RTY-011"],
)
