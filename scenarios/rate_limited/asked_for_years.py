"""The service asks to be left alone until a date that the run does not live to see: given up at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, Outcome, StartOptions, Status, TimeoutKind
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    start=StartOptions(run_timeout=timedelta(days=1)),
    faults=[HttpError(on=Enquiries.ask, status=429, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimitError")),
        TimeoutKind(activity="ask", retry_state="TIMEOUT", behind=()),
        # Not so often as the policy allows.
        Attempts(of=Enquiries.ask, count=1),
    ],
)
