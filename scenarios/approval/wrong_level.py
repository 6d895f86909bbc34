"""Others decide while it is the manager's turn: refused or ignored, and asked again when it is theirs."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import Approve, Decision

EARLY = Decision(level="director", by="Eve", approved=False, reason="too early")


async def drive(run: LiveRun) -> None:
    """The director decides too early, somebody who is not asked at all does; then all in turn."""
    async with run.holding(Notifications.send):
        await run.handle.signal(Approve.tell, EARLY)
        await all_well.ask_for(run, EARLY)
        await all_well.ask_for(run, replace(EARLY, level="ceo"))
        await all_well.ask_for(run, all_well.YES)
    await all_well.ask_for(run, Decision(level="director", by="Dan", approved=True))


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "decisions": {"manager": {"by": "Ada"}, "director": {"by": "Dan"}}}),
        decided_by(["manager", "director"]),
        Recorded(event="WorkflowExecutionSignaled", count=1),
        Recorded(event="WorkflowExecutionUpdateAccepted", count=2),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=["APC-003"],
)
