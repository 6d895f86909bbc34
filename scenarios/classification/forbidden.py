"""The service answers 403: one call, and the workflow fails with the activity's own error."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, HttpError, Outcome, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=403)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application AuthenticationError")),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
