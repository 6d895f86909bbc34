"""Nobody can be notified for a day: the request ends after that day and reports that the manager was not asked."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Clock, EffectsInOrder, HttpError, Outcome, Recorded, Server
from scenarios.approval import all_well
from scenarios.approval.chain_all_well import costing

scenario = replace(
    all_well.scenario,
    given=costing(1),
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Notifications.send, status=503)],
    drive=None,
    expects=[
        Outcome(result={"status": "timeout", "level": "manager", "reason": "approval_timeout", "asked": []}),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "86400s"}, count=1),
        Recorded(event="TimerFired", count=1),
        EffectsInOrder(operations=[]),
    ],
    claims=["APC-002", "APC-007"],
)
