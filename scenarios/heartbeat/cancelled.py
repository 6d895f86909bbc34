"""The batch is cancelled by its client: what was done of it is discarded before the workflow ends as Canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, CompensatedInReverse, Latency, LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.heartbeat import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the fifth item is on its way to the service."""
    async with run.holding(Items.process, nth=5):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    # The request is noticed at the next heartbeat that is sent, up to 1.6 s later; the batch must take longer.
    given=replace(all_well.scenario.given, items=60),
    faults=[Latency(on=Items, delay=timedelta(milliseconds=60))],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        AtMostOnce(of=Items.process, per="item"),
        NoOrphans(),
        CompensatedInReverse(),
        NothingAfterClose(),
    ],
    claims=["HB-008", "CAN-001"],
)
