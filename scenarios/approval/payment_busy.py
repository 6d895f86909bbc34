"""Payments answers 429, then 500: neither is a refusal, and the third call pays."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Attempts, Clock, EffectsInOrder, FirstCalls, FromCall, HttpError, Outcome, Server, Window
from scenarios.approval import all_well

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    faults=[
        HttpError(on=Payments.charge, status=429, when=FirstCalls(n=1)),
        HttpError(on=Payments.charge, status=500, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(result={"status": "approved", "charge": "charge_p1"}),
        Attempts(of=Payments.charge, count=3),
        EffectsInOrder(operations=[Notifications.send, Payments.charge]),
    ],
    claims=(),
)
