"""The rate is unavailable four times: the fifth and last attempt gets it, 15 s later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, FirstCalls, HttpError, Outcome, RetrySchedule, Server
from scenarios.timeouts import all_well

# Production's limits and policy as they are, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Bookkeeping.rate, when=FirstCalls(n=4))],
    expects=[
        Outcome(result={"rate": 1.25}),
        RetrySchedule(activity="get_rate", initial=timedelta(seconds=1)),
        Attempts(of=Bookkeeping.rate, count=6),
    ],
    claims=["RTY-001", "RTY-003", "RTY-004"],
)
