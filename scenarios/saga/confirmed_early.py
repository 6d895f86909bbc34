"""The traveller confirms while the car is being booked: the trip does not wait, and the flight is booked."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from harness import Clock, LiveRun, Server
from scenarios.saga import confirmed
from scenarios.saga.workflow import BookTrip


async def drive(run: LiveRun) -> None:
    """Confirm long before the trip asks for it; while the car is held, a clock that skips does not skip the day."""
    async with run.holding(Cars.book):
        await run.handle.signal(BookTrip.confirm)


scenario = replace(confirmed.scenario, server=Server(clock=Clock.SKIPPING), drive=drive)
