"""The service fails every time: an unexpected error, tried three times, 1 and 2 s apart, and nothing is charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome, RetrySchedule, Status
from scenarios.payment import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=500)],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=(
                "application PaymentFailed",
                "activity",
                "application UnexpectedError",
                "application HTTPStatusError",
            ),
        ),
        Attempts(of=Payments.charge, count=3),
        EffectsInOrder(operations=[]),
        RetrySchedule(activity="process_payment", initial=timedelta(seconds=1)),
    ],
)
