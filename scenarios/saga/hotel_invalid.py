"""The hotel does not exist: it is asked for once, the flight never, and the car is cancelled."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, EffectsInOrder, NoOrphans, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.TRIP, hotel="invalid hotel"),
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {},
                "error": 'Declined: /bookings answered 422: {"error":"there is no \'invalid hotel\' to book"}',
                "compensated": ["hotel", "car"],
            }
        ),
        Attempts(of=Hotels.book, count=1),
        Attempts(of=Flights.book, count=0),
        EffectsInOrder(operations=[Cars.book, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-001", "SAGA-002"],
)
