"""The flight service answers 429 with a date that is over, then without a time: the policy's waits are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.flights import Flights
from harness import Clock, HttpError, NthCall, Outcome, Recorded, RetrySchedule, Server
from scenarios.saga import all_well
from scenarios.saga.workflow import Patience

OVER = "Wed, 21 Oct 2015 07:28:00 GMT"

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    given=replace(all_well.TRIP, patience=Patience()),
    faults=[
        HttpError(on=Flights.book, status=429, headers={"Retry-After": OVER}, when=NthCall(n=1)),
        HttpError(on=Flights.book, status=429, when=NthCall(n=2)),
    ],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        RetrySchedule(activity="book_flight", initial=timedelta(seconds=1)),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "RateLimited"}}},
            count=1,
        ),
    ],
    claims=(),
)
