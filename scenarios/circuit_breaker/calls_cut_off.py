"""The service hangs for longer than an attempt may take: the attempt is cut off, which is a failure, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, Server, Timeout, TimeoutKind
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, Limits

scenario = replace(
    all_well.scenario,
    server=Server(),
    given=Batch(
        waves=all_well.orders(1, 2),
        limits=Limits(failures=1),
        answer_within=timedelta(minutes=1),
        attempt_within=timedelta(seconds=1),
    ),
    faults=[Timeout(on=Payments)],
    expects=[
        all_well.opened_at_once("TimeoutError: activity StartToClose timeout"),
        Attempts(of=Payments.charge, count=1),
        TimeoutKind(activity="charge", kind="START_TO_CLOSE", retry_state="MAXIMUM_ATTEMPTS_REACHED"),
        replace(all_well.TRACE, failures=1),
    ],
    claims=(),
)
