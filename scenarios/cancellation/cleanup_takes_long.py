"""Cleaning up takes longer than the activity may be silent: it heartbeats meanwhile, and runs to its end."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import CompensatedInReverse, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.cancellation import cancelled_by_client


async def drive(run: LiveRun) -> None:
    """Cancel while the sixth chunk is on its way: with those until it hears of it, cleaning up takes more than 3 s."""
    async with run.holding(Items.process, nth=6):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    cancelled_by_client.scenario,
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskTimedOut", count=0),
        NoOrphans(),
        CompensatedInReverse(),
        NothingAfterClose(),
    ],
    claims=(),
)
