"""A bucket for a service that takes 100 requests a minute: 90 go at once, the others in an even flow, over two runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import Clock, Outcome, RateKept, Server
from scenarios.rate_limits import all_well
from scenarios.rate_limits.hundred_a_minute import REACH, UNHURRIED
from scenarios.rate_limits.limiters.token_bucket import TokenBucket
from scenarios.rate_limits.workflow import Errand

MINUTE = timedelta(minutes=1)
QUOTES = Quotes.limited(100, MINUTE)
BUCKET = TokenBucket(limit=100, per=MINUTE, burst=90, reach=REACH)

# Production's limits as they are; the waits are skipped.
scenario = replace(
    all_well.scenario,
    given=Errand(requests=all_well.named(102), limiter=BUCKET, per_run=70, patience=UNHURRIED),
    uses=[QUOTES],
    drive=None,
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=all_well.prices(102)),
        # 90 and what 60 s bring, of the 10 in 105 s.
        RateKept(of=QUOTES.ask, limit=100, per=MINUTE, at_least=90),
    ],
    claims=["TBK-002", "TBK-005"],
)
