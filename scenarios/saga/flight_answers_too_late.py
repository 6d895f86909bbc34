"""The flight's answers take longer than a request may: it was booked all the same, once, and is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.flights import Flights
from harness import AtMostOnce, Attempts, CompensatedInReverse, FromCall, Latency, NoOrphans, Outcome, Recorded, Window
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    given=all_well.HURRIED,
    faults=[
        Latency(
            on=Flights,
            delay=timedelta(seconds=5),
            # The compensation has to reach the service.
            when=Window(opens=FromCall(n=1, of=Flights.book), closes=FromCall(n=1, of=Flights.cancel)),
        )
    ],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        # Each caller gave up by itself: no attempt went on until it was cut off.
        Recorded(event="ActivityTaskTimedOut", count=0),
        Attempts(of=Flights.book, count=3),
        AtMostOnce(of=Flights.book, per="trip"),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-007", "SAGA-008"],
)
