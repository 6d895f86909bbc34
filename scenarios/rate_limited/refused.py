"""The service refuses the question for good: one call, although two more are allowed."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, Outcome, Recorded, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.LIMITED),
    faults=[HttpError(on=Enquiries.ask, status=422)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Enquiries.ask, count=1),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"}, count=1),
    ],
)
