"""Ten orders at a time: all ten under way may fail, and one at a time is on trial, however many want to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, Outcome
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch, Wave


def ten(name: str, after: timedelta = timedelta(0)) -> Wave:
    """Ten orders at a time."""
    return Wave(orders=[f"{name}{number}" for number in range(10)], after=after)


# Calls let through: 10 that are under way before the fifth failure is known, none of the second wave, 1 of the third
# and 1 of the fourth, on trial, and all 10 of the last. What the breaker bounds is what comes after, not what goes on.
scenario = replace(
    all_well.scenario,
    given=Batch(
        waves=[
            ten("under way "),
            ten("held back "),
            ten("on trial ", after=timedelta(seconds=60)),
            ten("on trial again "),
            ten("let through "),
        ]
    ),
    faults=[HttpError(on=Payments.charge, when=FirstCalls(n=10))],
    expects=[
        Outcome(result={"total": 50, "successful": 12, "failed": 10, "rejected": 28}),
        Attempts(of=Payments.charge, count=22),
        all_well.TRACE,
    ],
)
