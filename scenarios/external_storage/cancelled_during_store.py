"""Cancelled while the data are being stored: what is stored all the same is deleted before it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.objects import Objects
from harness import Attempts, LiveRun, Outcome, Status
from scenarios.external_storage import all_well
from scenarios.external_storage.workflow import Patience


async def drive(run: LiveRun) -> None:
    """Cancel while the storage has the object in hand, and let go once the workflow knows."""
    async with run.holding(Objects.put):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    # A tenth of production's, so that the attempt hears of the cancellation while the test looks on.
    given=replace(all_well.scenario.given, patience=Patience(silent_while_loading=timedelta(seconds=3))),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Objects.put, count=1),
        Attempts(of=Objects.get, count=0),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-002"],
)
