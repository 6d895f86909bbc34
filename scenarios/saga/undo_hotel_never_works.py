"""The flight is declined and the hotel cannot be cancelled: the car is, and the result names the hotel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import (
    Attempts,
    Clock,
    CompensatedInReverse,
    HttpError,
    NoOrphans,
    Outcome,
    Recorded,
    RetrySchedule,
    Server,
)
from scenarios.saga import all_well
from scenarios.saga.workflow import Patience

# Production's policies as they are: half a minute of waits, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    given=replace(all_well.TRIP, patience=Patience()),
    faults=[HttpError(on=Flights.book, status=409, body={"error": "sold"}), HttpError(on=Hotels.cancel, status=503)],
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {"hotel": "hotel_booking_sea view"},
                # Not that of the hotel.
                "error": 'Declined: /bookings answered 409: {"error":"sold"}',
                "compensated": ["flight", "car"],
                "failed_compensations": ["hotel"],
            }
        ),
        Attempts(of=Hotels.cancel, count=5),
        # 2, 4, 8 and 16 s.
        RetrySchedule(activity="cancel_hotel", initial=timedelta(seconds=2), late=timedelta(seconds=1.5)),
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": f"{what}_{part}"},
                    "scheduleToCloseTimeout": "0s",
                    "startToCloseTimeout": "30s",
                    "retryPolicy": {"initialInterval": wait, "backoffCoefficient": 2.0, "maximumAttempts": attempts},
                },
                count=1,
            )
            for what, wait, attempts in (("book", "1s", 3), ("cancel", "2s", 5))
            for part in ("car", "hotel", "flight")
        ),
        CompensatedInReverse(),
        NoOrphans(but=[Hotels.book]),
    ],
    claims=["SAGA-004", "SAGA-005"],
)
