"""The service asks for a wait: it is kept to the second, cap or no cap, and the waits after it are the policy's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, FirstCalls, FromCall, HttpError, Outcome, RetrySchedule, Server, Window
from scenarios.timeouts import all_well

# Production's limits and policy as they are, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    faults=[
        HttpError(on=Bookkeeping.print, status=429, headers={"Retry-After": "500"}, when=FirstCalls(n=1)),
        HttpError(on=Bookkeeping.print, when=Window(opens=FromCall(n=2), closes=FromCall(n=4))),
    ],
    expects=[
        Outcome(result={"statement": "statement of May"}),
        RetrySchedule(
            activity="print_statement",
            initial=timedelta(seconds=1),
            maximum=timedelta(seconds=100),
            asked={1: timedelta(seconds=500)},
        ),
        Attempts(of=Bookkeeping.print, count=4),
    ],
    claims=["RTY-009"],
)
