"""The flight is booked but its answer is lost every time: no booking is left when the trip reports failure."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import AtMostOnce, Attempts, CompensatedInReverse, EffectsInOrder, LostReply, NoOrphans, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Flights.book)],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        Attempts(of=Flights.book, count=3),
        AtMostOnce(of=Flights.book, per="trip"),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book, Flights.cancel, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-006", "SAGA-007"],
)
