"""Others have used the limit up: the service refuses twice, says how long to wait, and that is how long is waited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import Attempts, Clock, FirstCalls, HttpError, Outcome, Recorded, Server
from scenarios.rate_limits import all_well
from scenarios.rate_limits.workflow import Errand

QUOTES = Quotes.limited(100, timedelta(minutes=1))

scenario = replace(
    all_well.scenario,
    given=Errand(requests=all_well.named(1)),
    uses=[QUOTES],
    drive=None,
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=QUOTES.ask, status=429, headers={"Retry-After": "30"}, when=FirstCalls(n=2))],
    expects=[
        Outcome(result=all_well.prices(1)),
        Attempts(of=QUOTES.ask, count=3),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "30s"}, count=2),
    ],
    claims=["SEM-004"],
)
