"""No second attempt: one call, and the policy is exhausted all the same."""

from __future__ import annotations

from dataclasses import replace

from fakes.enquiries import Enquiries
from harness import Attempts, HttpError, Outcome, Recorded, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.ONCE),
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Enquiries.ask, count=1),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
    ],
    claims=["RTY-003"],
)
