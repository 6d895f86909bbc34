"""A run that is tried again begins at the beginning, even when it failed for a reason that cannot go away."""

from __future__ import annotations

from dataclasses import replace

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, Attempts, Clock, HttpError, Outcome, Recorded, Server, StartOptions, Status
from scenarios.timeouts import all_well

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=3)),
    faults=[HttpError(on=Bookkeeping.print, status=400)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        # The activity is not tried again, the run is: the server looks at the outermost failure only.
        Recorded(event="WorkflowExecutionFailed", having={"retryState": "RETRY_STATE_IN_PROGRESS"}, count=2),
        Recorded(event="WorkflowExecutionStarted", count=3),
        Attempts(of=Bookkeeping.print, count=3),
        Attempts(of=Bookkeeping.post, count=9),
        # By their keys, which are those of the run before.
        AtMostOnce(of=Bookkeeping.post, per="number"),
    ],
    claims=["DEF-003", "DEF-005"],
)
