"""The flight service is down for good: hotel and car are cancelled, and the result names what could not be undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, EffectsInOrder, NoOrphans, Outage, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[Outage(on=Flights)],
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {},
                "compensated": ["hotel", "car"],
                "failed_compensations": ["flight"],
            }
        ),
        Attempts(of=Flights.book, count=0),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-001", "SAGA-005"],
)
