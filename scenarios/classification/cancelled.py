"""The client cancels while the order is charged: that is no failure of the order, and the workflow ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome, Recorded, Server, Status
from scenarios.classification import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the request."""
    async with run.holding(Payments.charge):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    server=Server(),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Payments.charge, count=1),
        Recorded(event="ActivityTaskScheduled", count=1),
    ],
    claims=(),
)
