"""Nobody listens at the payment service: tried after 5 and 10 s, then failed for good, with what was behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import Attempts, Outage, Outcome, Recorded, RetrySchedule, Status
from scenarios.payment import all_well

scenario = replace(
    all_well.scenario,
    faults=[Outage(on=Payments)],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=(
                "application PaymentFailed",
                "activity",
                "application NetworkError",
                "application ConnectError",
            ),
        ),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"failure": {"message": "Payment failed: the payment service cannot be reached: ConnectError"}},
            count=1,
        ),
        Attempts(of=Payments.charge, count=0),
        RetrySchedule(
            activity="process_payment",
            initial=timedelta(seconds=1),
            asked={1: timedelta(seconds=5), 2: timedelta(seconds=10)},
        ),
    ],
    claims=["EXC-010"],
)
