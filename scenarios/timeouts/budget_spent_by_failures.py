"""Failures use up schedule_to_close: the activity fails as soon as the next wait does not fit any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, HttpError, Outcome, RetrySchedule, Server, Status, TimeoutKind
from scenarios.timeouts import all_well

# Production's limits and policy as they are: nearly nine minutes of waits, skipped.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Bookkeeping.print, status=500)],
    expects=[
        # No timeout at all among the failures: only the retry state tells that it was one.
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        TimeoutKind(activity="print_statement", retry_state="TIMEOUT", behind=()),
        RetrySchedule(activity="print_statement", initial=timedelta(seconds=1), maximum=timedelta(seconds=100)),
        # At 0, 1, 3, 7, 15, 31, 63, 127, 227, 327, 427 and 527 s; the next would come at 627 s, beyond the 600.
        Attempts(of=Bookkeeping.print, count=12),
    ],
    claims=["TMO-002", "RTY-001", "RTY-002", "DEF-002"],
)
