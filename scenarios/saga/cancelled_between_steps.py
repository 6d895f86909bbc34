"""The trip is cancelled while it waits for the traveller: what was booked is undone, and it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, EffectsInOrder, LiveRun, NoOrphans, Outcome, Status
from scenarios.saga import all_well


async def drive(run: LiveRun) -> None:
    """Cancel once the trip is at its timer, where no activity is there to fail."""
    await run.until("TimerStarted")
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    given=replace(all_well.TRIP, confirm_within=timedelta(hours=24)),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Flights.book, count=0),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-009"],
)
