"""Payments refuses the charge with 422: it is not asked again, and the workflow fails with the reason."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, Clock, HttpError, Outcome, Server, Status
from scenarios.approval import all_well

scenario = replace(
    all_well.scenario,
    # If it were asked again, the waits would be skipped.
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Payments.charge, status=422)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Payments.charge, count=1),
    ],
    claims=(),
)
