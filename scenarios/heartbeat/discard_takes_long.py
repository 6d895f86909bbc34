"""Discarding takes longer than the activity may be silent: it heartbeats meanwhile, and runs to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import Latency, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.heartbeat import cancelled


async def drive(run: LiveRun) -> None:
    """Cancel at the 15th item: with those until it hears of it, discarding takes more than 3 s."""
    async with run.holding(Items.process, nth=15):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    cancelled.scenario,
    given=replace(cancelled.scenario.given, items=100),
    faults=[Latency(on=Items, delay=timedelta(milliseconds=100))],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskTimedOut", count=0),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=(),
)
