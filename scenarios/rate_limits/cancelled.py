"""The workflow is cancelled during a request: that is no failure to try again, and it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from harness import Attempts, LiveRun, Outcome, Recorded, Server, Status
from scenarios.rate_limits import refused_by_others
from scenarios.rate_limits.refused_by_others import QUOTES


async def drive(run: LiveRun) -> None:
    """Cancel while the service has the request."""
    async with run.holding(QUOTES.ask):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    refused_by_others.scenario,
    server=Server(),
    drive=drive,
    faults=(),
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=QUOTES.ask, count=1),
        Recorded(event="ActivityTaskScheduled", count=1),
        Recorded(event="TimerStarted", count=0),
    ],
    claims=[],
)
