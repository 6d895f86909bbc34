"""It is rejected, and the reason is left empty: that is a rejection like any other, and nothing is paid."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import EffectsInOrder, LiveRun, Outcome
from scenarios.approval import all_well
from scenarios.approval.workflow import Approve


async def drive(run: LiveRun) -> None:
    """Reject, and say nothing."""
    await run.until("ActivityTaskCompleted", nth=2)
    await run.handle.signal(Approve.tell, replace(all_well.NO, reason=""))


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"status": "rejected", "level": "manager", "reason": "", "charge": None}),
        all_well.DECIDED,
        EffectsInOrder(operations=[Notifications.send]),
    ],
    claims=["APR-003"],
)
