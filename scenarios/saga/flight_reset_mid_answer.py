"""The connection is reset while the flight is being confirmed: the retry finds it booked, and nothing is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, Outcome, Reset
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[Reset(on=Flights, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        Attempts(of=Flights.book, count=2),
        AtMostOnce(of=Flights.book, per="trip"),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
    claims=["SAGA-007"],
)
