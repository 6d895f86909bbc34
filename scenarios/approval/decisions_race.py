"""Six people approve at the same moment, two of them twice: one decision is accepted; then the director decides."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import Approve, Decision

RACING = [Decision(level="manager", by=f"number {number}", approved=True) for number in range(6)]


async def drive(run: LiveRun) -> None:
    """Have all decide at once, two also without waiting for an answer; then the director, once all have theirs."""
    async with run.holding(Notifications.send):
        await asyncio.gather(
            *(all_well.ask_for(run, one) for one in RACING),
            *(run.handle.signal(Approve.tell, one) for one in RACING[:2]),
        )
    await all_well.ask_for(run, Decision(level="director", by="Dan", approved=True))


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    drive=drive,
    # Who wins is anybody's guess; that it is one of them is not.
    expects=[
        Outcome(result={"status": "approved", "decisions": {"director": {"by": "Dan"}}}),
        decided_by(["manager", "director"]),
        Recorded(event="WorkflowExecutionSignaled", count=2),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=["APR-006"],
)
