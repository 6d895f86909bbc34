"""The trip is cancelled while the hotel is being booked: whether it was booked or not, no booking is left."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, CompensatedInReverse, LiveRun, NoOrphans, Outcome, Status
from scenarios.saga import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the hotel service has the request and has not acted on it yet."""
    async with run.holding(Hotels.book):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Flights.book, count=0),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-009"],
)
