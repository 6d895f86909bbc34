"""Orders that are held back wait until the service is back: of those that were never called, none is lost."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, Outcome
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, Wave

# Five one after the other, then eight at a time. The sixth call, the first on trial, fails: they wait for it twice.
scenario = replace(
    all_well.scenario,
    given=Batch(
        waves=[*all_well.orders(1, 2, 3, 4, 5), Wave(orders=[f"o{number}" for number in range(6, 14)])], patient=True
    ),
    faults=[HttpError(on=Payments.charge, when=FirstCalls(n=6))],
    expects=[
        Outcome(result={"total": 13, "successful": 7, "failed": 6, "rejected": 0}),
        Attempts(of=Payments.charge, count=13),
        all_well.TRACE,
    ],
    claims=["CB-008"],
)
