"""60 s after the fifth failure, and not before, a call is let through; two that succeed close the breaker for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, FromCall, HttpError, Outcome, Window
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch

STILL_OPEN = timedelta(seconds=58)
"""After the last failure; a busy machine may be a second late."""
THE_REST = timedelta(seconds=2)

# o6 comes too early, o7 and o8 are on trial. That o9 to o12 fail without opening it shows that the count began anew.
scenario = replace(
    all_well.scenario,
    given=Batch(
        waves=[
            *all_well.orders(1, 2, 3, 4, 5),
            *all_well.orders(6, after=STILL_OPEN),
            *all_well.orders(*range(7, 14), after=THE_REST),
        ]
    ),
    faults=[
        HttpError(on=Payments.charge, when=FirstCalls(n=5)),
        HttpError(on=Payments.charge, when=Window(opens=FromCall(n=8), closes=FromCall(n=12))),
    ],
    expects=[
        Outcome(result={"total": 13, "successful": 3, "failed": 9, "rejected": 1}),
        Attempts(of=Payments.charge, count=12),
        all_well.TRACE,
    ],
    claims=["CB-003", "CB-004"],
)
