"""The flight is committed only after its compensation: the service refuses it, and no booking is left."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import CompensatedInReverse, EffectsInOrder, LateCommit, NoOrphans, Outcome
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    given=all_well.HURRIED,
    faults=[LateCommit(on=Flights.book, after=Flights.cancel)],
    expects=[
        Outcome(result={"success": False, "bookings": {}, "compensated": ["flight", "hotel", "car"]}),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-008"],
)
