"""The run times out while the flight is being booked: the next run books nothing a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import AtMostOnce, EffectsInOrder, LiveRun, Outcome, Recorded, StartOptions
from scenarios.saga import all_well


async def drive(run: LiveRun) -> None:
    """Hold the flight until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Flights.book, 1), (Flights.book, 2)):
        pass


scenario = replace(
    all_well.scenario,
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        AtMostOnce(of=Cars.book, per="trip"),
        AtMostOnce(of=Flights.book, per="trip"),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=["SAGA-007"],
)
