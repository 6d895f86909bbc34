"""Cancelled while the best source hangs: the workflow ends as Canceled, and no other source is called."""

from __future__ import annotations

from dataclasses import replace

from fakes.ranking import Ranking
from harness import LiveRun, Outcome, Server, Status
from scenarios.recommendations import all_well


async def drive(run: LiveRun) -> None:
    """Cancel while the first request is held; it is let go when the workflow has decided what to do."""
    async with run.holding(Ranking.ask):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    server=Server(),
    drive=drive,
    expects=[Outcome(status=Status.CANCELED), all_well.asked(1, 0, 0)],
    claims=["FBK-005"],
)
