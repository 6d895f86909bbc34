"""The service asks for a wait of zero: this counts as no wish, and the policy's waits are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Amplification, HttpError, Outcome, RetrySchedule, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    faults=[HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": "0"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimitError")),
        RetrySchedule(activity="ask", initial=timedelta(seconds=1)),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
    ],
    claims=["RTY-010"],
)
