"""Whoever is refused is told why: too long, no such level, not their turn, decided already."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import LONGEST_TEXT, Approve, Decision

DIRECTOR = Decision(level="director", by="Dan", approved=True)


async def refused(run: LiveRun, decision: Decision, *, because: str) -> None:
    """Decide, and be refused for this reason; anybody who hears another reason, or none, complains by a signal."""
    try:
        await run.handle.execute_update(Approve.decide, decision, id=str(uuid4()))
    except WorkflowUpdateFailedError as refusal:
        if isinstance(refusal.cause, ApplicationError) and refusal.cause.type == because:
            return
    await run.handle.signal(Approve.tell, decision)


async def drive(run: LiveRun) -> None:
    """Decide in ways that do not count while each level is told, and then in the one that does."""
    async with run.holding(Notifications.send):
        await refused(run, replace(all_well.NO, reason="x" * (LONGEST_TEXT + 1)), because="TooLong")
        await refused(run, replace(all_well.NO, level="janitor"), because="NoSuchLevel")
        await refused(run, DIRECTOR, because="NotYourTurn")
        await all_well.ask_for(run, all_well.YES)
        await refused(run, all_well.NO, because="DecidedAlready")
    await all_well.ask_for(run, DIRECTOR)


scenario = replace(
    all_well.scenario,
    given=costing(10_000_00),
    drive=drive,
    expects=[
        Outcome(result={"status": "approved", "decisions": {"manager": {"by": "Ada"}, "director": {"by": "Dan"}}}),
        decided_by(["manager", "director"]),
        Recorded(event="WorkflowExecutionSignaled", count=0),
        Recorded(event="WorkflowExecutionUpdateAccepted", count=2),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
