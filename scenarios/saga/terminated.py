"""The trip is terminated while it waits: no code of it runs any more, and what was booked stays booked."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.hotels import Hotels
from harness import Attempts, EffectsInOrder, LiveRun, NoOrphans, Outcome, Status
from scenarios.saga import cancelled_between_steps


async def drive(run: LiveRun) -> None:
    """Terminate once the trip is at its timer."""
    await run.until("TimerStarted")
    await run.handle.terminate()


scenario = replace(
    cancelled_between_steps.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.TERMINATED),
        Attempts(of=Cars.cancel, count=0),
        EffectsInOrder(operations=[Cars.book, Hotels.book]),
        NoOrphans(but=[Cars.book, Hotels.book]),
    ],
    claims=["SAGA-009"],
)
