"""The service refuses a request as wrong: it is asked for once, and the workflow fails with the refusal."""

from __future__ import annotations

from dataclasses import replace

from harness import Attempts, HttpError, Outcome, Status
from scenarios.rate_limits import refused_by_others
from scenarios.rate_limits.refused_by_others import QUOTES

scenario = replace(
    refused_by_others.scenario,
    faults=[HttpError(on=QUOTES.ask, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=QUOTES.ask, count=1),
    ],
    claims=[],
)
