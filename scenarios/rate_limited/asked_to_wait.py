"""The service asks for waits twice: both are kept, beyond the cap, and the policy goes on as if there had been none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, FirstCalls, FromCall, HttpError, Outcome, RetrySchedule, Window
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.PATIENT),
    faults=[
        HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": "500"}, when=FirstCalls(n=1)),
        HttpError(on=Enquiries.ask, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
        HttpError(
            on=Enquiries.ask,
            status=429,
            headers={"Retry-After": "7"},
            when=Window(opens=FromCall(n=3), closes=FromCall(n=4)),
        ),
        HttpError(on=Enquiries.ask, when=Window(opens=FromCall(n=4), closes=FromCall(n=6))),
    ],
    expects=[
        Outcome(result=["all about rain"]),
        Attempts(of=Enquiries.ask, count=6),
        # 500, 10, 7, 40 and 80 s, with a cap of 300 s: the exponent is the number of the attempt.
        RetrySchedule(
            activity="ask",
            initial=timedelta(seconds=5),
            maximum=timedelta(minutes=5),
            asked={1: timedelta(seconds=500), 3: timedelta(seconds=7)},
        ),
    ],
    claims=["CLS-003", "RTY-009"],
)
