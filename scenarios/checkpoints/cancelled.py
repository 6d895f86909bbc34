"""Cancelled between two checkpoints: what was done is saved, and then the batch ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import LiveRun, Outcome, Status
from scenarios.checkpoints import all_well
from scenarios.checkpoints.all_well import ITEMS, told


async def drive(run: LiveRun) -> None:
    """Cancel while the service has item 7 in hand."""
    async with run.holding(Items.process, nth=8):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), told((ITEMS[:5], []), (ITEMS[5:7], []))],
    claims=["INC-003"],
)
