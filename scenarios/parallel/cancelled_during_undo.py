"""The order is cancelled while its goods are released: that is tried until it succeeds, and then it is Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the first request, and let it go on when the workflow has seen the cancellation."""
    async with run.holding(Inventory.release):
        await run.handle.cancel()
        cancelled = await run.until("WorkflowExecutionCancelRequested")
        nth, acted = 1, await run.until("WorkflowTaskCompleted")
        while acted.id < cancelled.id:
            nth += 1
            acted = await run.until("WorkflowTaskCompleted", nth=nth)


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[
        HttpError(on=Payments.charge, status=402),
        HttpError(on=Inventory.release, status=503, when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(status=Status.CANCELED),
        Recorded(event="ActivityTaskCancelRequested", count=0),
        Attempts(of=Inventory.release, count=2),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=(),
)
