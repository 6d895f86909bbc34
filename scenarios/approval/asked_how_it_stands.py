"""Everybody asks how the request stands before they decide: it says whose turn it is, and what has counted so far."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import LiveRun, Outcome, Recorded
from harness.events import CallAnswered
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import LEVELS, costing, decided_by
from scenarios.approval.workflow import Approve, Decision

NOBODY = Decision(level="nobody", by="Eve", approved=False)


async def drive(run: LiveRun) -> None:
    """Send one decision that does not count; then decide as whoever is waited for, and complain of a wrong answer."""
    await run.handle.signal(Approve.tell, NOBODY)
    for number, level in enumerate(LEVELS):
        await run.told(CallAnswered, call=f"{Notifications.send}#{number + 1}")
        standing = await run.handle.query(Approve.standing)
        said = (standing.waiting_for, list(standing.levels), list(standing.decisions), standing.ignored)
        if said != (level, LEVELS, LEVELS[:number], 1):
            await run.handle.signal(Approve.tell, NOBODY)
        await all_well.ask_for(run, Decision(level=level, by=f"the {level}", approved=True))


scenario = replace(
    all_well.scenario,
    given=costing(1_000_000_00),
    drive=drive,
    expects=[
        Outcome(result={"status": "approved"}),
        decided_by(LEVELS),
        Recorded(event="WorkflowExecutionSignaled", count=1),
    ],
    claims=(),
)
