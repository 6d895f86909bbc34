"""Payments hangs: the caller waits no longer than it said, and pays once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import AtMostOnce, Clock, FirstCalls, LateReply, Outcome, Recorded, Server
from scenarios.approval import all_well
from scenarios.approval.payment_refused import approve_as_it_is_asked

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    given=replace(all_well.REQUEST, answer_within=timedelta(seconds=2.4)),
    drive=approve_as_it_is_asked,
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Payments.charge, patience=timedelta(seconds=4.4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"status": "approved", "charge": "charge_p1"}),
        AtMostOnce(of=Payments.charge, per="order"),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
    ],
    claims=(),
)
