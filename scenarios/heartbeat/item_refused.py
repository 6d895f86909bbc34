"""The service refuses an item in the middle of the batch: it is asked once, and the workflow fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, HttpError, NthCall, Outcome, Recorded, Status
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Items.process, status=400, when=NthCall(n=7))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"}, count=1),
        Attempts(of=Items.process, count=7),
        # What is done stays done.
        Attempts(of=Items.discard, count=0),
    ],
)
