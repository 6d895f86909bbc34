"""There is nothing to decide: the request is rejected without anybody being asked."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Attempts, EffectsInOrder, Outcome, Recorded
from scenarios.approval import all_well
from scenarios.approval.activities import Purchase

scenario = replace(
    all_well.scenario,
    given=replace(all_well.REQUEST, purchase=Purchase(id="p1", what=" ", cents=100)),
    drive=None,
    expects=[
        Outcome(result={"status": "rejected", "level": None, "reason": "validation_failed", "asked": []}),
        Attempts(of=Notifications.send, count=0),
        EffectsInOrder(operations=[]),
        Recorded(event="ActivityTaskScheduled", count=1),
        Recorded(event="TimerStarted", count=0),
    ],
    claims=["APR-001"],
)
