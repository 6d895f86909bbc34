"""The client cancels while the service is asked: there is no fallback for that, and the workflow ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, LiveRun, Outcome, Recorded, Server, Status
from scenarios.error_handling import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the request."""
    async with run.holding(Enquiries.ask):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    server=Server(),
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Enquiries.ask, count=1),
        Recorded(event="ActivityTaskScheduled", count=1),
    ],
    claims=(),
)
