"""The flight service answers 503 twice: the third attempt books, and nothing is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, EffectsInOrder, FirstCalls, HttpError, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Flights.book, status=503, when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        Attempts(of=Flights.book, count=3),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
    claims=["SAGA-002", "ERR-010"],
)
