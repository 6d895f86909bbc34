"""Nothing fails: car, hotel and flight are booked once each, in that order, and stay booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Application, Attempts, EffectsInOrder, Outcome, Scenario
from scenarios.saga.activities import trip_activities
from scenarios.saga.workflow import BookTrip, Patience, Trip

# Production's policy scaled down some 50 times in its waits, so that retries cost milliseconds of real time. How long a
# service may take is not: a machine with too much to do must not look like a service that is silent.
IMPATIENT = Patience(
    first_wait=timedelta(milliseconds=20),
    undo_first_wait=timedelta(milliseconds=40),
)

TRIP = Trip(traveller="Ada", car="compact", hotel="sea view", flight="window seat", patience=IMPATIENT)

# For services that are silent, or too slow: a request ends by itself, before its attempt would be cut off.
HURRIED = replace(
    TRIP, patience=replace(IMPATIENT, answer_within=timedelta(seconds=0.5), attempt_within=timedelta(seconds=4))
)

scenario = Scenario(
    application=Application(workflows=[BookTrip], activities=trip_activities, data_converter=pydantic_data_converter),
    workflow=BookTrip.run,
    given=TRIP,
    uses=[Cars, Hotels, Flights],
    expects=[
        Outcome(
            result={
                "success": True,
                "bookings": {
                    "car": "car_booking_compact",
                    "hotel": "hotel_booking_sea view",
                    "flight": "flight_booking_window seat",
                },
                "error": "",
                "compensated": [],
                "failed_compensations": [],
            }
        ),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
        Attempts(of=Flights.book, count=1),
    ],
)
