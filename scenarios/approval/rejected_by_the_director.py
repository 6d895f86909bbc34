"""The manager approves, the director does not: the request ends with the director's reason, and nothing is paid."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import EffectsInOrder, LiveRun, Outcome
from harness.events import CallAnswered
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing, decided_by
from scenarios.approval.workflow import Decision


async def drive(run: LiveRun) -> None:
    """Both decide when they were asked."""
    await run.told(CallAnswered, call=f"{Notifications.send}#1")
    await all_well.ask_for(run, all_well.YES)
    await run.told(CallAnswered, call=f"{Notifications.send}#2")
    await all_well.ask_for(run, Decision(level="director", by="Dan", approved=False, reason="no budget"))


scenario = replace(
    all_well.scenario,
    given=costing(100_000_00),
    drive=drive,
    expects=[
        Outcome(result={"status": "rejected", "level": "director", "reason": "no budget", "charge": None}),
        decided_by(["manager", "director", "vp"]),
        EffectsInOrder(operations=[Notifications.send] * 2),
    ],
    claims=["APC-006"],
)
