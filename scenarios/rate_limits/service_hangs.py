"""The first request is answered too late: the caller waits no longer than it said, and asks once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Attempts, FirstCalls, LateReply, Outcome, Recorded, Server
from scenarios.rate_limits import all_well, refused_by_others
from scenarios.rate_limits.refused_by_others import QUOTES
from scenarios.rate_limits.workflow import Errand, Patience

scenario = replace(
    refused_by_others.scenario,
    server=Server(),
    given=Errand(
        requests=all_well.named(1),
        patience=Patience(answer_within=timedelta(seconds=1), first_wait=timedelta(milliseconds=20)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=QUOTES.ask, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result=all_well.prices(1)),
        Attempts(of=QUOTES.ask, count=2),
        Recorded(
            event="ActivityTaskFailed", having={"failure": {"applicationFailureInfo": {"type": "ReadTimeout"}}}, count=1
        ),
    ],
    claims=[],
)
