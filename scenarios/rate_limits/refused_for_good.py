"""The service refuses every request: the workflow fails, since its attempts are limited."""

from __future__ import annotations

from dataclasses import replace

from harness import Attempts, HttpError, Outcome, Status
from scenarios.rate_limits import refused_by_others
from scenarios.rate_limits.refused_by_others import QUOTES

scenario = replace(
    refused_by_others.scenario,
    faults=[HttpError(on=QUOTES.ask, status=429, headers={"Retry-After": "30"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimited")),
        Attempts(of=QUOTES.ask, count=3),
    ],
    claims=["SEM-004"],
)
