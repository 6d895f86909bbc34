"""The flight service answers 429 with a date that the trip does not live to see: asked once, and the rest undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.flights import Flights
from harness import Attempts, CompensatedInReverse, HttpError, NoOrphans, Outcome, StartOptions
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    start=StartOptions(run_timeout=timedelta(days=1)),
    faults=[HttpError(on=Flights.book, status=429, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        Attempts(of=Flights.book, count=1),
        CompensatedInReverse(),
        NoOrphans(),
    ],
)
