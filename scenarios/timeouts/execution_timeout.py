"""All runs together take too long: the workflow ends, without a retry and without running any of its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, Outcome, Recorded, Server, StartOptions, Status
from scenarios.timeouts import all_well

# A day, waiting for an approval that never comes, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(execution_timeout=timedelta(hours=24), retry_policy=RetryPolicy(maximum_attempts=2)),
    given=replace(all_well.MONTH, approved=False),
    expects=[
        Outcome(status=Status.TIMED_OUT),
        Recorded(event="WorkflowExecutionStarted", count=1),
        Recorded(event="WorkflowExecutionTimedOut", having={"retryState": "RETRY_STATE_TIMEOUT"}, count=1),
        Attempts(of=Bookkeeping.post, count=3),
        # Nobody approved.
        Attempts(of=Bookkeeping.print, count=0),
    ],
    claims=["TMO-009"],
)
