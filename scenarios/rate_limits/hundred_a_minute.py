"""A window for a service that takes 100 requests a minute: 100 go at once, the others when those count no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import Clock, Outcome, RateKept, Recorded, Server
from scenarios.rate_limits import all_well
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import Errand, Patience

MINUTE = timedelta(minutes=1)
QUOTES = Quotes.limited(100, MINUTE)
# 37 s to make a request and 8 s for its answer, so that a busy machine lets no permission lapse.
UNHURRIED = Patience(attempt=timedelta(seconds=30))
REACH = timedelta(seconds=45)
WINDOW = SlidingWindow(limit=100, per=MINUTE, reach=REACH)

# Production's limits as they are, over two runs; the waits are skipped.
scenario = replace(
    all_well.scenario,
    given=Errand(requests=all_well.named(102), at_once=20, limiter=WINDOW, per_run=60, patience=UNHURRIED),
    uses=[QUOTES],
    drive=None,
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=all_well.prices(102)),
        RateKept(of=QUOTES.ask, limit=100, per=MINUTE, at_least=100),
        # Of two that must wait, only one does: the other waits for its turn.
        Recorded(event="TimerStarted", count=1),
    ],
    claims=["SLW-001", "TBK-005"],
)
