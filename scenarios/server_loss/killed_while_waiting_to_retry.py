"""The server is killed when attempts have failed: it knows how many there were, and what the last had done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import (
    AtMostOnce,
    Attempts,
    CrashServer,
    FromCall,
    HttpError,
    Outcome,
    Recorded,
    RetrySchedule,
    Server,
    Window,
)
from scenarios.server_loss import all_well

# One second scaled, as real time passes on a server that can be killed.
FIRST_WAIT = timedelta(seconds=0.4)

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, first_wait=FIRST_WAIT),
    server=Server(breakable=True),
    faults=[
        # The first attempt moves three entries and fails at the fourth, so do the second and the third.
        HttpError(on=Bookkeeping.post, when=Window(opens=FromCall(n=4), closes=FromCall(n=7))),
        CrashServer(when=FromCall(n=5, of=Bookkeeping.post)),
    ],
    expects=[
        Outcome(result=5),
        # Attempts three and four have never said how far they came: what the first one said has outlived the server.
        Attempts(of=Bookkeeping.post, count=8),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        Recorded(event="ActivityTaskStarted", having={"attempt": 4}, count=1),
        # The second attempt's end reaches the server only when it is back.
        RetrySchedule(activity="move_entries", initial=FIRST_WAIT, late=timedelta(seconds=5)),
    ],
    claims=["HB-009"],
)
