"""The service asks for a wait in words that are neither a number nor a date: it is rate limited all the same."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, Outcome, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    faults=[HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": "soon"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimitError")),
        Attempts(of=Enquiries.ask, count=3),
    ],
)
