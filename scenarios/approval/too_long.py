"""A decision of more than 4,000 characters is refused: one of exactly so many counts, and no later one."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import LiveRun, Outcome
from scenarios.approval import all_well
from scenarios.approval.workflow import Decision


async def drive(run: LiveRun) -> None:
    """Reject at too great a length, approve at the greatest, and reject in a word."""
    async with run.holding(Notifications.send):
        await all_well.ask_for(run, Decision(level="manager", by="Bob", approved=False, reason="x" * 4_001))
        await all_well.ask_for(run, Decision(level="manager", by="Ada", approved=True, reason="x" * 4_000))
        await all_well.ask_for(run, all_well.NO)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "decisions": {"manager": {"by": "Ada", "approved": True}}}),
        all_well.DECIDED,
    ],
    claims=(),
)
