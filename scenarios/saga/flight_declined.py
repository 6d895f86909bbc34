"""The flight is declined: hotel and car are cancelled in reverse order, and the result says why and what was undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, EffectsInOrder, HttpError, NoOrphans, Outcome, Recorded
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Flights.book, status=400, body={"error": "the seat was sold to somebody else"})],
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {},
                "error": 'Declined: /bookings answered 400: {"error":"the seat was sold to somebody else"}',
                "compensated": ["flight", "hotel", "car"],
                "failed_compensations": [],
            }
        ),
        Attempts(of=Flights.book, count=1),
        # The first waits are its own, and not those that Temporal has by default.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=3),
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.040s"}}, count=3),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-001", "SAGA-003"],
)
