"""Cancelled while the service hangs: it ends as Canceled; that is no failure to fall back from."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from harness import LiveRun, Outcome, Server, Status
from scenarios.breaker_fallback import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the first request is held; it is let go when the workflow has decided what to do."""
    async with run.holding(Primary.ask):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    server=Server(),
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), all_well.asked((1, 0))],
    claims=["CBF-008"],
)
