"""The workflow has the policy, not the activity: three runs of one attempt each, everything from the beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.enquiries import Enquiries
from harness import Amplification, HttpError, Outcome, Recorded, StartOptions, Status
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Patience, Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], patience=Patience.ONCE),
    start=StartOptions(retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=10), maximum_attempts=3)),
    faults=[HttpError(on=Enquiries.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Recorded(event="WorkflowExecutionStarted", having={"attempt": 3}, count=1),
        Recorded(event="WorkflowExecutionFailed", having={"retryState": "RETRY_STATE_IN_PROGRESS"}, count=2),
        Recorded(
            event="WorkflowExecutionFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1
        ),
        Amplification(of=Enquiries.ask, per="text", at_most=3),
    ],
    claims=["DEF-003"],
)
