"""Six decide at the same moment, some of them twice: one decision is accepted, and it stands."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.notifications import Notifications
from harness import LiveRun, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve, Decision

RACING = [Decision(level="manager", by=f"number {number}", approved=number % 2 == 0) for number in range(6)]


async def drive(run: LiveRun) -> None:
    """Have everybody decide at once, and those who may not wait for an answer as well."""
    async with run.holding(Notifications.send):
        await asyncio.gather(
            *(all_well.ask_for(run, one) for one in RACING),
            *(run.handle.signal(Approve.tell, one) for one in RACING[:2]),
        )


scenario = replace(
    all_well.scenario,
    drive=drive,
    # Who wins is anybody's guess; that it is one of them is not.
    expects=[Outcome(), all_well.DECIDED, Recorded(event="WorkflowExecutionSignaled", count=2)],
    claims=["APR-006"],
)
