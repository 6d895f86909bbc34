"""The client cancels the operation: it cleans up, and only then ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import CompensatedInReverse, LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.cancellation import all_well, too_slow


async def drive(run: LiveRun) -> None:
    """Cancel while the second chunk is on its way."""
    async with run.holding(Items.process, nth=2):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.OPERATION, size=2000),
    faults=[too_slow.SLOW],
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), NoOrphans(), CompensatedInReverse(), NothingAfterClose()],
    claims=["CAN-001", "CAN-008", "CAN-009", "CAN-010"],
)
