"""Four calls fail, one succeeds, four fail: never five in a row, so the breaker stays closed."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, FirstCalls, FromCall, HttpError, Outcome, Recorded
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(waves=all_well.orders(*range(1, 10))),
    faults=[
        HttpError(on=Payments.charge, when=FirstCalls(n=4)),
        HttpError(on=Payments.charge, when=FromCall(n=6)),
    ],
    expects=[
        Outcome(result={"total": 9, "successful": 1, "failed": 8, "rejected": 0}),
        Attempts(of=Payments.charge, count=9),
        Recorded(event="WorkflowPropertiesModified", count=0),
        all_well.TRACE,
    ],
    claims=["CB-001"],
)
