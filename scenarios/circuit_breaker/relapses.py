"""The service fails again while it is on trial, at once and after a success: open for another 60 s each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, FromCall, HttpError, Outcome, Window
from scenarios.circuit_breaker import all_well, recovers
from scenarios.circuit_breaker.workflow import Batch

# The calls: o1 to o5 fail; o6 on trial succeeds, o7 fails (one success is not enough); o8 is rejected, o9 fails at
# once; o10 is rejected. o11 succeeds, and would close the breaker if the success of o6 still counted: then o12 and the
# three behind it, which fail, would be called. As it is, o12 opens it again, and they are rejected.
scenario = replace(
    all_well.scenario,
    given=Batch(
        waves=[
            *all_well.orders(1, 2, 3, 4, 5),
            *all_well.orders(6, 7, after=timedelta(seconds=60)),
            *all_well.orders(8, after=recovers.STILL_OPEN),
            *all_well.orders(9, after=recovers.THE_REST),
            *all_well.orders(10, after=recovers.STILL_OPEN),
            *all_well.orders(11, 12, 13, 14, 15, after=recovers.THE_REST),
        ]
    ),
    faults=[
        HttpError(on=Payments.charge, when=FirstCalls(n=5)),
        HttpError(on=Payments.charge, when=Window(opens=FromCall(n=7), closes=FromCall(n=9))),
        HttpError(on=Payments.charge, when=FromCall(n=10)),
    ],
    expects=[
        Outcome(result={"total": 15, "successful": 2, "failed": 8, "rejected": 5}),
        Attempts(of=Payments.charge, count=10),
        all_well.TRACE,
    ],
    claims=["CB-005"],
)
