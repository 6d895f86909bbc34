"""An entry is refused once with 500: the next attempt of the batch begins with that entry, and none is left out."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Clock, HttpError, NoItemLost, NthCall, Outcome, Recorded, ResumedFromHeartbeat, Server
from scenarios.timeouts import all_well

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    faults=[HttpError(on=Bookkeeping.post, status=500, when=NthCall(n=2))],
    expects=[
        Outcome(result={"posted": 3}),
        ResumedFromHeartbeat(activity="post_entries"),
        NoItemLost(of=Bookkeeping.post, per="number", items=[1, 2, 3]),
        Attempts(of=Bookkeeping.post, count=4),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
    ],
    claims=(),
)
