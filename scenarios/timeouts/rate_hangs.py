"""Every attempt reaches its start_to_close timeout: it is retried until no attempt is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Outcome, RetrySchedule, Status, Timeout, TimeoutKind
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import QUICK

# Scaled down ten times and more, since a running attempt takes what it takes on any clock; its request is not bounded.
SHORT = replace(
    QUICK,
    attempt=timedelta(seconds=0.4),
    answer_within=timedelta(minutes=1),
    attempts=2,
    first_wait=timedelta(seconds=0.1),
)

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, rate=SHORT),
    faults=[Timeout(on=Bookkeeping)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "timeout START_TO_CLOSE", "timeout START_TO_CLOSE")),
        TimeoutKind(
            activity="get_rate",
            kind="START_TO_CLOSE",
            retry_state="MAXIMUM_ATTEMPTS_REACHED",
            behind=("timeout START_TO_CLOSE",),
        ),
        RetrySchedule(activity="get_rate", initial=SHORT.first_wait),
        Attempts(of=Bookkeeping.rate, count=2),
    ],
    claims=["TMO-001"],
)
