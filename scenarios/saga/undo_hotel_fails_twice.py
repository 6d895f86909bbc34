"""The flight is declined and cancelling the hotel fails twice: the third attempt cancels it, and nothing is left."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, FirstCalls, HttpError, NoOrphans, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Flights.book, status=409),
        HttpError(on=Hotels.cancel, status=503, when=FirstCalls(n=2)),
    ],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        Attempts(of=Hotels.cancel, count=3),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-004"],
)
