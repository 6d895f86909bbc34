"""The traveller confirms while the trip waits: the flight is booked, and nothing is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import EffectsInOrder, LiveRun, Outcome
from scenarios.saga import cancelled_between_steps
from scenarios.saga.workflow import BookTrip


async def drive(run: LiveRun) -> None:
    """Confirm once the trip is at its timer."""
    await run.until("TimerStarted")
    await run.handle.signal(BookTrip.confirm)


scenario = replace(
    cancelled_between_steps.scenario,
    drive=drive,
    expects=[
        Outcome(result={"success": True, "error": "", "compensated": []}),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
    claims=(),
)
