"""The service answers too late: the caller waits no longer than it said, and that is a failure of the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, LateReply, Server
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, Limits

scenario = replace(
    all_well.scenario,
    server=Server(),
    given=Batch(
        waves=all_well.orders(1, 2),
        limits=Limits(failures=1),
        answer_within=timedelta(seconds=1),
        attempt_within=timedelta(seconds=20),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Payments.charge, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        all_well.opened_at_once("ReadTimeout: Application error"),
        Attempts(of=Payments.charge, count=1),
        replace(all_well.TRACE, failures=1),
    ],
    claims=(),
)
