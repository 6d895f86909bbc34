"""The batch is cancelled while the letters of two items are being written: both are written before it ends."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import Attempts, Contents, HttpError, LiveRun, Outage, Outcome, Status
from scenarios.dead_letters import all_well
from scenarios.dead_letters.cancelled_during_write import FOR_FOURTEEN_WRITES


async def drive(run: LiveRun) -> None:
    """Cancel once both letters are being written: after three tries of each item, the seventh and eighth activity."""
    await run.until("ActivityTaskScheduled", nth=8)
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    given=replace(all_well.BATCH, at_once=2),
    drive=drive,
    faults=[HttpError(on=Items.process, status=500), Outage(on=DeadLetters, when=FOR_FOURTEEN_WRITES)],
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Items.process, count=6),
        Contents(of=DeadLetters, per="item", values=[0, 1]),
        all_well.ACCOUNTED_FOR,
    ],
    claims=(),
)
