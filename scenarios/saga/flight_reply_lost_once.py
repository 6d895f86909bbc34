"""The flight is booked but its first answer is lost: the retry finds the booking, and there is only one."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, LostReply, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Flights.book, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        Attempts(of=Flights.book, count=2),
        AtMostOnce(of=Flights.book, per="trip"),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
    claims=["SAGA-007"],
)
