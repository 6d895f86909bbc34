"""The flight service answers 503, then 500: the third attempt books, and nothing is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, EffectsInOrder, HttpError, NthCall, Outcome, Recorded
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Flights.book, status=503, when=NthCall(n=1)),
        HttpError(on=Flights.book, status=500, when=NthCall(n=2)),
    ],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Attempts(of=Flights.book, count=3),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
    claims=["SAGA-002", "ERR-010"],
)
