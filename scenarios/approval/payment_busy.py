"""Payments answers 429, then 500: neither is a refusal, and the third call pays."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    FirstCalls,
    FromCall,
    HttpError,
    Outcome,
    Recorded,
    Server,
    Window,
)
from scenarios.approval import all_well
from scenarios.approval.payment_refused import approve_as_it_is_asked

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    drive=approve_as_it_is_asked,
    faults=[
        HttpError(on=Payments.charge, status=429, when=FirstCalls(n=1)),
        HttpError(on=Payments.charge, status=500, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(result={"status": "approved", "charge": "charge_p1"}),
        Attempts(of=Payments.charge, count=3),
        AtMostOnce(of=Payments.charge, per="order"),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
    ],
    claims=(),
)
