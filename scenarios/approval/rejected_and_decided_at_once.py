"""The manager rejects and the director approves before the workflow continues: nothing is left to approve."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import Approve, Decision


async def drive(run: LiveRun) -> None:
    """Reject and approve while the manager is being told."""
    async with run.holding(Notifications.send):
        await run.handle.signal(Approve.tell, all_well.NO)
        await run.handle.signal(Approve.tell, Decision(level="director", by="Dan", approved=True))
        await run.until("WorkflowExecutionSignaled", nth=2)


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    drive=drive,
    expects=[
        Outcome(result={"status": "rejected", "level": "manager", "decisions": {"manager": {"by": "Bob"}}}),
        decided_by(["manager", "director"]),
        Attempts(of=Payments.charge, count=0),
    ],
    claims=(),
)
