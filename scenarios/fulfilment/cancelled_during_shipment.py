"""The order is cancelled while it is handed to the carrier: all of it is undone, and then it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from harness import CompensatedInReverse, LiveRun, NoOrphans, Outcome, Status
from scenarios.fulfilment import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the carrier has the request and has not acted on it yet."""
    async with run.holding(Carrier.ship):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), CompensatedInReverse(), NoOrphans()],
    claims=["CMP-006"],
)
