"""The flight is declined and the hotel cannot be cancelled: the car is, and the result names what is left standing."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, HttpError, NoOrphans, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Flights.book, status=409), HttpError(on=Hotels.cancel, status=503)],
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {"hotel": "hotel_booking_sea view"},
                "compensated": ["flight", "car"],
                "failed_compensations": ["hotel"],
            }
        ),
        Attempts(of=Hotels.cancel, count=5),
        CompensatedInReverse(),
        NoOrphans(but=[Hotels.book]),
    ],
    claims=["SAGA-004", "SAGA-005"],
)
