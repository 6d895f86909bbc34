"""The service is down for five calls: they are recorded as failed, and the rest of the batch is rejected uncalled."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch

DOWN = "ServiceUnavailable: /charges answered 503"
REJECTED = "CircuitBreakerOpen: Circuit breaker is OPEN (failures: 5)"

# The service is back with the sixth call. Nobody finds out: the batch neither waits nor comes back to what it rejected.
scenario = replace(
    all_well.scenario,
    given=Batch(waves=all_well.orders(*range(1, 14))),
    faults=[HttpError(on=Payments.charge, status=503, when=FirstCalls(n=5))],
    expects=[
        Outcome(
            result={
                "total": 13,
                "successful": 0,
                "failed": 5,
                "rejected": 8,
                "results": [
                    *({"order": f"o{number}", "status": "failed", "said": DOWN} for number in range(1, 6)),
                    *({"order": f"o{number}", "status": "rejected", "said": REJECTED} for number in range(6, 14)),
                ],
            }
        ),
        Attempts(of=Payments.charge, count=5),
        Recorded(event="ActivityTaskScheduled", count=5),
        Recorded(event="TimerStarted", count=0),
        all_well.TRACE,
    ],
    claims=["CB-001", "CB-002", "CB-006", "CB-008"],
)
