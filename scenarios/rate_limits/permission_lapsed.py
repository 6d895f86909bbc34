"""Permissions lapse before a request can be made with them: nobody is asked, and the workflow says why it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import Attempts, Outcome, Recorded, Status
from scenarios.rate_limits import all_well
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import Errand, Patience

MINUTE = timedelta(minutes=1)
QUOTES = Quotes.limited(100, MINUTE)

scenario = replace(
    all_well.scenario,
    given=Errand(
        requests=all_well.named(1),
        # An answer may take longer than the permission lasts, so no request may be made with it.
        limiter=SlidingWindow(limit=100, per=MINUTE, reach=timedelta(seconds=5)),
        patience=Patience(answer_within=timedelta(seconds=8), first_wait=timedelta(milliseconds=20)),
    ),
    uses=[QUOTES],
    drive=None,
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application PermissionLapsed")),
        Attempts(of=QUOTES.ask, count=0),
        Recorded(event="ActivityTaskScheduled", count=3),
    ],
    claims=[],
)
