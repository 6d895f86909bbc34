"""The trip is cancelled while it is being undone: every compensation runs to its end, then it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import CompensatedInReverse, EffectsInOrder, HttpError, LiveRun, NoOrphans, Outcome, Status
from scenarios.saga import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the hotel's cancellation is being served, with the car's still to come."""
    async with run.holding(Hotels.cancel):
        await run.handle.cancel()
        await run.until("WorkflowExecutionCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Flights.book, status=409)],
    expects=[
        Outcome(status=Status.CANCELED),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Hotels.cancel, Cars.cancel]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["SAGA-010"],
)
