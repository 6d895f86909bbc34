"""The service fails and comes back: every attempt counts there, so every attempt has a permission."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import Attempts, Clock, FromCall, HttpError, Outcome, RateKept, Server, Window
from scenarios.rate_limits import all_well
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import Errand

MINUTE = timedelta(minutes=1)
QUOTES = Quotes.limited(10, MINUTE)

scenario = replace(
    all_well.scenario,
    given=Errand(
        requests=all_well.named(15), limiter=SlidingWindow(limit=10, per=MINUTE, reach=timedelta(seconds=15)), per_run=6
    ),
    uses=[QUOTES],
    drive=None,
    faults=[HttpError(on=QUOTES.ask, when=Window(opens=FromCall(n=4), closes=FromCall(n=9)))],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=all_well.prices(15)),
        Attempts(of=QUOTES.ask, count=20),
        RateKept(of=QUOTES.ask, limit=10, per=MINUTE, at_least=10),
    ],
    claims=["TBK-004", "SLW-004"],
)
