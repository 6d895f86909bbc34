"""The service stays down: five attempts within 15 s, none of them multiplied on its way, then the workflow fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Amplification, Attempts, HttpError, Outcome, Recorded, RetrySchedule, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=500)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
        Amplification(of=Payments.charge, per="order", at_most=5),
        Attempts(of=Payments.charge, count=5),
        RetrySchedule(activity="charge", initial=timedelta(seconds=1)),
    ],
    claims=["CLS-001", "CLS-005", "ERR-004"],
)
