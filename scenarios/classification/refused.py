"""The service refuses for a reason that nobody has an answer to: one call, and the workflow fails with it."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, HttpError, Outcome, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=409)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
