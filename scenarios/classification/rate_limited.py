"""The service asks for a wait of 7 s: the next attempt comes after exactly that, not after the policy's second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded, RetrySchedule
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=429, headers={"Retry-After": "7"}, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True}),
        RetrySchedule(activity="charge", initial=timedelta(seconds=1), asked={1: timedelta(seconds=7)}),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "RateLimitError"}}},
            count=1,
        ),
        Attempts(of=Payments.charge, count=2),
    ],
    claims=["CLS-003"],
)
