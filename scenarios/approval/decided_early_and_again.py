"""It is approved before the manager is notified, then rejected by others: the first decision counts."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import AtMostOnce, LiveRun, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve


async def drive(run: LiveRun) -> None:
    """Approve while the manager is still being told, then reject in every way there is."""
    async with run.holding(Notifications.send):
        await run.handle.signal(Approve.tell, all_well.YES)
        await run.handle.signal(Approve.tell, all_well.NO)
        await all_well.ask_for(run, all_well.NO)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "decisions": {"manager": {"by": "Ada", "approved": True}}}),
        all_well.DECIDED,
        Recorded(event="WorkflowExecutionSignaled", count=2),
        Recorded(event="WorkflowExecutionUpdateAccepted", count=0),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=["APR-006", "APR-007"],
)
