"""The limit is reached, and the answer does not say until when: the second call waits a minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, FirstCalls, HttpError, Outcome, RetrySchedule
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=429, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True}),
        RetrySchedule(activity="charge", initial=timedelta(seconds=1), asked={1: timedelta(seconds=60)}),
        Attempts(of=Payments.charge, count=2),
    ],
    claims=(),
)
