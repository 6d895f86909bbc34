"""The flight is booked but its answers cannot be read: asking again books nothing twice, and it is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from harness import AtMostOnce, Attempts, CompensatedInReverse, GarbledBody, NoOrphans, Outcome, Recorded
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[GarbledBody(on=Flights.book)],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        Recorded(
            event="ActivityTaskFailed",
            having={"failure": {"applicationFailureInfo": {"type": "UnreadableAnswer"}}},
            count=1,
        ),
        Attempts(of=Flights.book, count=3),
        AtMostOnce(of=Flights.book, per="trip"),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-007"],
)
