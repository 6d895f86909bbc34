"""A worker is killed between two permissions: another one replays what the limiter knew, and the limit holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import AtPoint, Kill, Outcome, Phase, RateKept, WorkerProcesses
from scenarios.rate_limits import all_well
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import Errand, Patience

SECOND = timedelta(seconds=1)
QUOTES = Quotes.limited(6, SECOND)

# In real time and scaled to it; the attempt that dies with its worker is noticed when its time is over.
scenario = replace(
    all_well.scenario,
    given=Errand(
        requests=all_well.named(9),
        at_once=2,
        limiter=SlidingWindow(limit=6, per=SECOND, reach=2 * SECOND),
        patience=Patience(answer_within=SECOND / 2, attempt=SECOND, attempts=20, first_wait=SECOND / 10),
    ),
    uses=[QUOTES],
    drive=None,
    # Without a cache every workflow task replays from the start, and no other worker is waited for.
    workers=WorkerProcesses(max_cached_workflows=0),
    faults=[Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="ask_price", nth=4))],
    expects=[Outcome(result=all_well.prices(9)), RateKept(of=QUOTES.ask, limit=6, per=SECOND)],
    claims=["TBK-006"],
)
