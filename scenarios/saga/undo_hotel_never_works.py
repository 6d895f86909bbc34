"""The flight is declined and the hotel cannot be cancelled: the car is, and the result names the hotel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, Clock, CompensatedInReverse, HttpError, NoOrphans, Outcome, RetrySchedule, Server
from scenarios.saga import all_well
from scenarios.saga.workflow import Patience

# Production's policy as it is: half a minute of waits, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    given=replace(all_well.TRIP, patience=Patience()),
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
        # 2, 4, 8 and 16 s.
        RetrySchedule(activity="cancel_hotel", initial=timedelta(seconds=2), late=timedelta(seconds=1.5)),
        CompensatedInReverse(),
        NoOrphans(but=[Hotels.book]),
    ],
    claims=["SAGA-004", "SAGA-005"],
)
