"""A request with a shorter timeout than its attempt ends by itself: no Temporal timeout, no attempt left running."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Outcome, Recorded, Status, Timeout
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import QUICK

# Scaled down ten times and more: waiting for an answer takes what it takes on any clock.
SHORT = replace(
    QUICK,
    attempt=timedelta(seconds=5),
    answer_within=timedelta(seconds=1.5),
    attempts=2,
    first_wait=timedelta(seconds=0.1),
)

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, rate=SHORT),
    faults=[Timeout(on=Bookkeeping)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ReadTimeout")),
        Recorded(event="ActivityTaskTimedOut", count=0),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
        Attempts(of=Bookkeeping.rate, count=2),
    ],
    claims=["TMO-007"],
)
