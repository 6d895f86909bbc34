"""Nobody listens at the payment service: five attempts, then the workflow fails with a network error."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, Outage, Outcome, Recorded, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[Outage(on=Payments)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application NetworkError", "application ConnectError")),
        Recorded(event="ActivityTaskStarted", having={"attempt": 5}, count=1),
        Attempts(of=Payments.charge, count=0),
    ],
    claims=(),
)
