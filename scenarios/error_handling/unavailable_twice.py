"""The service is unavailable twice: the third attempt gets the answer, and the history has but one failure to show."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded
from scenarios.error_handling import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Enquiries.ask, when=FirstCalls(n=2))],
    expects=[
        Outcome(result="Success: all about rain in May"),
        Attempts(of=Enquiries.ask, count=3),
        # One event for three attempts: the last one's number, and the failure before it.
        Recorded(event="ActivityTaskFailed", count=0),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"message": "the service answered 503"}},
            count=1,
        ),
    ],
    claims=["ERR-010"],
)
