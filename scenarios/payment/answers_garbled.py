"""No answer can be read: an unexpected error, retried by the policy, with the original error as its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Amplification, AtMostOnce, Attempts, GarbledBody, Outcome, RetrySchedule, Status
from scenarios.payment import all_well

scenario = replace(
    all_well.scenario,
    faults=[GarbledBody(on=Payments.charge)],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=(
                "application PaymentFailed",
                "activity",
                "application UnexpectedError",
                "application JSONDecodeError",
            ),
        ),
        RetrySchedule(activity="process_payment", initial=timedelta(seconds=1)),
        Amplification(of=Payments.charge, per="order", at_most=3),
        Attempts(of=Payments.charge, count=3),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=["CLS-002", "EXC-010"],
)
