"""A bucket idles for an hour, as the service asks: it holds its burst and no more, and the limit holds for the rest."""

from __future__ import annotations

from dataclasses import replace

from fakes.quotes import Quotes
from harness import Attempts, Clock, FirstCalls, HttpError, Outcome, RateKept, Server
from scenarios.rate_limits import all_well
from scenarios.rate_limits.hundred_a_minute import MINUTE, REACH, UNHURRIED
from scenarios.rate_limits.limiters.token_bucket import TokenBucket
from scenarios.rate_limits.workflow import Errand

QUOTES = Quotes.limited(10, MINUTE)

scenario = replace(
    all_well.scenario,
    given=Errand(
        requests=all_well.named(13),
        # The only place is kept while its request waits, so nobody else takes what flows in meanwhile.
        at_once=1,
        limiter=TokenBucket(limit=10, per=MINUTE, burst=8, reach=REACH),
        patience=UNHURRIED,
    ),
    uses=[QUOTES],
    drive=None,
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=QUOTES.ask, status=429, headers={"Retry-After": "3600"}, when=FirstCalls(n=1))],
    expects=[
        Outcome(result=all_well.prices(13)),
        Attempts(of=QUOTES.ask, count=14),
        RateKept(of=QUOTES.ask, limit=10, per=MINUTE, at_least=8),
    ],
    claims=["TBK-002"],
)
