"""The traveller never confirms: after a day hotel and car are undone without a flight, and the result says why."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, Clock, CompensatedInReverse, EffectsInOrder, NoOrphans, Outcome, Recorded, Server
from scenarios.saga import cancelled_between_steps

scenario = replace(
    cancelled_between_steps.scenario,
    server=Server(clock=Clock.SKIPPING),
    drive=None,
    expects=[
        Outcome(
            result={
                "success": False,
                "bookings": {},
                "error": "NotConfirmed: not confirmed within 1 day, 0:00:00",
                "compensated": ["hotel", "car"],
            }
        ),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "86400s"}, count=1),
        Attempts(of=Flights.book, count=0),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-001"],
)
