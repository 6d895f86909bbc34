"""The storage takes longer than a worker may be silent: the attempt heartbeats meanwhile, and is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from fakes.objects import Objects
from harness import Attempts, LiveRun, Outcome
from harness.events import AttemptStarted, Heartbeat
from scenarios.external_storage import all_well
from scenarios.external_storage.workflow import Patience

SILENT = timedelta(seconds=1.5)
"""Scaled: production's minute, 40 times."""

BEATS = 6
"""One comes each quarter of that, so that the sixth comes when a silent attempt has been given up."""


async def drive(run: LiveRun) -> None:
    """Hold the data until so many heartbeats have come, or another attempt has been begun for want of them."""
    async with run.holding(Objects.get):
        waits = [
            asyncio.ensure_future(run.told(Heartbeat, nth=BEATS, activity="process")),
            asyncio.ensure_future(run.told(AttemptStarted, activity="process", attempt=2)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()


scenario = replace(
    all_well.scenario,
    given=replace(all_well.scenario.given, patience=Patience(silent_while_processing=SILENT)),
    drive=drive,
    expects=[Outcome(result=all_well.DONE), Attempts(of=Objects.get, count=1), all_well.NO_ORPHANS],
    claims=["EXT-005"],
)
