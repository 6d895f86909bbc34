"""The second of three calls fails: it is recorded as failed, and the third order is charged."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, FromCall, HttpError, Outcome, Window
from scenarios.circuit_breaker import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, when=Window(opens=FromCall(n=2), closes=FromCall(n=3)))],
    expects=[
        Outcome(result={"total": 3, "successful": 2, "failed": 1, "rejected": 0}),
        Attempts(of=Payments.charge, count=3),
        all_well.TRACE,
    ],
    claims=["CB-006"],
)
