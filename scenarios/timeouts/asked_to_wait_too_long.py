"""The service asks for a longer wait than there is time: given up at once, not after the time is over."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, HttpError, Outcome, Status, TimeoutKind
from scenarios.timeouts import all_well

# In real time, with production's limits: nothing is waited for.
scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Bookkeeping.print, status=429, headers={"Retry-After": "3600"})],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application RateLimited")),
        TimeoutKind(activity="print_statement", retry_state="TIMEOUT", behind=()),
        Attempts(of=Bookkeeping.print, count=1),
    ],
    claims=["RTY-010"],
)
