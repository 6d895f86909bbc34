"""Manager and director approve before the workflow continues: both count, since the turn follows from the decisions."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Clock, LiveRun, Outcome, Recorded, Server
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import Approve, Decision


async def drive(run: LiveRun) -> None:
    """Approve twice while the manager is being told."""
    async with run.holding(Notifications.send):
        await run.handle.signal(Approve.tell, all_well.YES)
        await run.handle.signal(Approve.tell, Decision(level="director", by="Dan", approved=True))
        await run.until("WorkflowExecutionSignaled", nth=2)


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    # What is lost would be missed after a day.
    server=Server(clock=Clock.SKIPPING),
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "decisions": {"manager": {"by": "Ada"}, "director": {"by": "Dan"}}}),
        decided_by(["manager", "director"]),
        Recorded(event="TimerFired", count=0),
    ],
    claims=["APC-004"],
)
