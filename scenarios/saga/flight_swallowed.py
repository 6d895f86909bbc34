"""Requests to the flight service are lost on the way: nothing was booked there, and the rest is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, Direction, EffectsInOrder, NoOrphans, Outcome, Recorded, Timeout
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    given=all_well.HURRIED,
    faults=[Timeout(on=Flights, direction=Direction.UPSTREAM)],
    expects=[
        Outcome(result={"success": False, "failed_compensations": ["flight"], "compensated": ["hotel", "car"]}),
        # Each caller gave up by itself: no attempt went on until it was cut off.
        Recorded(event="ActivityTaskTimedOut", count=0),
        Attempts(of=Flights.book, count=0),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-001"],
)
