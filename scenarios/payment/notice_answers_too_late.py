"""The customer is notified but the answers come too late: asked three times, notified once, and the result comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.notifications import Notifications
from harness import AtMostOnce, EffectsInOrder, LateReply, Outcome, Recorded
from scenarios.payment import all_well
from scenarios.payment.insufficient_funds import INSUFFICIENT
from scenarios.payment.workflow import Request

scenario = replace(
    all_well.scenario,
    given=Request(order="o1", answer_within=timedelta(seconds=1)),
    # A caller that waits for longer than it may gets its answer.
    faults=[INSUFFICIENT, LateReply(on=Notifications.send, patience=timedelta(seconds=3))],
    expects=[
        Outcome(result={"success": False, "error": "insufficient_funds"}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        AtMostOnce(of=Notifications.send, per="about"),
        EffectsInOrder(operations=[Notifications.send]),
    ],
    claims=["CLS-007"],
)
