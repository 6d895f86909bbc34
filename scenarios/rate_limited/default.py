"""The default retry policy: forty attempts over 55 minutes, until the service is back; there is no limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded, RetrySchedule
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.DEFAULT),
    faults=[HttpError(on=Enquiries.ask, when=FirstCalls(n=39))],
    expects=[
        Outcome(result=["all about rain"]),
        Attempts(of=Enquiries.ask, count=40),
        # At 0, 1, 3, 7, 15, 31, 63, 127, 227 s, and every 100 s from there on: the cap first acts on attempt 9.
        RetrySchedule(activity="ask", initial=timedelta(seconds=1), maximum=timedelta(seconds=100)),
        Recorded(
            event="ActivityTaskScheduled",
            having={"retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"}},
            count=1,
        ),
    ],
    claims=["DEF-001", "DEF-002", "RTY-001", "RTY-002"],
)
