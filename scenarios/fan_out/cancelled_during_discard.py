"""An item that failed is cancelled while it is discarded: that is tried until it succeeds, and then it is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import (
    Attempts,
    EffectsInOrder,
    FirstCalls,
    HttpError,
    LiveRun,
    LostReply,
    NothingAfterClose,
    Outcome,
    Recorded,
    Status,
)
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.item import Item, ProcessItem


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the request, and let it go on when the workflow has seen the cancellation."""
    async with run.holding(Items.discard):
        await run.handle.cancel()
        # After the start, and the failure of the item.
        await run.until("WorkflowTaskCompleted", nth=3)


scenario = replace(
    all_well.scenario,
    workflow=ProcessItem.run,
    given=Item(batch="b", item=7, patience=replace(all_well.IMPATIENT, attempts=1)),
    drive=drive,
    faults=[LostReply(on=Items.process), HttpError(on=Items.discard, status=503, when=FirstCalls(n=1))],
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Items.discard, count=2),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=2),
        EffectsInOrder(operations=[Items.process, Items.discard]),
        NothingAfterClose(),
    ],
    claims=(),
)
