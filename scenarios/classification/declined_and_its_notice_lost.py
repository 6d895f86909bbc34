"""The notice that a charge was declined is sent, but its answer is lost: the customer is told once."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import AtMostOnce, Attempts, FirstCalls, LostReply, Outcome
from scenarios.classification import all_well
from scenarios.classification.declined import DECLINED

scenario = replace(
    all_well.scenario,
    faults=[DECLINED, LostReply(on=Notifications.send, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": True}),
        Attempts(of=Notifications.send, count=2),
        AtMostOnce(of=Notifications.send, per="about"),
    ],
    claims=(),
)
