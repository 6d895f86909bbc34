"""A run takes too long: it ends without running any more of its code, and its retry policy starts another run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, Outcome, Recorded, Server, StartOptions, Status
from scenarios.timeouts import all_well

# A day each, waiting for an approval that never comes, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(run_timeout=timedelta(hours=24), retry_policy=RetryPolicy(maximum_attempts=2)),
    given=replace(all_well.MONTH, approved=False),
    expects=[
        Outcome(status=Status.TIMED_OUT),
        Recorded(event="WorkflowExecutionStarted", count=2),
        Recorded(event="WorkflowExecutionTimedOut", having={"retryState": "RETRY_STATE_IN_PROGRESS"}, count=1),
        Recorded(event="WorkflowExecutionTimedOut", count=2),
        # The second run begins at the beginning: nothing of the first was undone, and nothing is remembered.
        Attempts(of=Bookkeeping.post, count=6),
        # Nobody approved.
        Attempts(of=Bookkeeping.print, count=0),
    ],
    claims=["TMO-009"],
)
