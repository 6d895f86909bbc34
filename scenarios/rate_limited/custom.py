"""A policy says only the first wait and the number of attempts: the rest is the default, the cap 100 such waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded, RetrySchedule
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.CUSTOM),
    faults=[HttpError(on=Enquiries.ask, when=FirstCalls(n=4))],
    expects=[
        Outcome(result=["all about rain"]),
        Attempts(of=Enquiries.ask, count=5),
        RetrySchedule(activity="ask", initial=timedelta(seconds=2)),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "retryPolicy": {
                    "initialInterval": "2s",
                    "backoffCoefficient": 2.0,
                    "maximumInterval": "200s",
                    "maximumAttempts": 5,
                }
            },
            count=1,
        ),
    ],
    claims=["DEF-001", "RTY-001"],
)
