"""Text in a decision is only text: it arrives unchanged, decides nothing, and is part of no key."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, NoItemLost, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.activities import Purchase
from scenarios.approval.workflow import LONGEST_TEXT, Approve

HOSTILE = "\r\nIdempotency-Key: mine\r\n\r\n\x00'; DROP TABLE purchases; -- {{7*7}} %s <script> ../ \u202e\U0001f4a3"
NEVER_A_LEVEL = ["", "MANAGER", "manager\n", " manager", "__class__", HOSTILE]


async def drive(run: LiveRun) -> None:
    """Send what is no decision, what is none of a level, and what is too long; then approve, in hostile words."""
    async with run.holding(Notifications.send):
        await run.handle.signal("tell", {"no": "decision"})
        await run.handle.signal(HOSTILE, all_well.NO)
        for level in NEVER_A_LEVEL:
            await run.handle.signal(Approve.tell, replace(all_well.NO, level=level))
            await all_well.ask_for(run, replace(all_well.NO, level=level))
        await all_well.ask_for(run, replace(all_well.NO, reason="x" * (LONGEST_TEXT + 1)))
        await all_well.ask_for(run, replace(all_well.NO, by="x" * (LONGEST_TEXT + 1)))
    await run.until("ActivityTaskCompleted", nth=2)
    await all_well.ask_for(run, replace(all_well.YES, by=HOSTILE, reason=HOSTILE))


scenario = replace(
    all_well.scenario,
    given=replace(all_well.REQUEST, purchase=Purchase(id=HOSTILE, what=HOSTILE, cents=1)),
    drive=drive,
    expects=[
        Outcome(
            result={
                "status": "approved",
                "decisions": {"manager": {"by": HOSTILE, "reason": HOSTILE}},
                "charge": f"charge_{HOSTILE}",
            }
        ),
        all_well.DECIDED,
        NoItemLost(of=Notifications.send, per="text", items=[HOSTILE]),
        NoItemLost(of=Payments.charge, per="order", items=[HOSTILE]),
        EffectsInOrder(operations=[Notifications.send, Payments.charge]),
        Recorded(event="WorkflowExecutionUpdateAccepted", count=1),
    ],
)
