"""Nobody decides for a week: the request ends as timed out, and nothing is paid."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Clock, EffectsInOrder, Outcome, Recorded, Server
from scenarios.approval import all_well

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    drive=None,
    expects=[
        Outcome(result={"status": "timeout", "level": "manager", "reason": "approval_timeout", "asked": ["manager"]}),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "604800s"}, count=1),
        Recorded(event="TimerFired", count=1),
        EffectsInOrder(operations=[Notifications.send]),
    ],
    claims=["APR-004"],
)
