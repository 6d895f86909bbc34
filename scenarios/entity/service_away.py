"""The service fails, then loses an answer, while postings keep coming: each is made once, whichever run it falls to."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    FromCall,
    HttpError,
    LostReply,
    NoItemLost,
    Outcome,
    Recorded,
    Server,
    Window,
)
from scenarios.entity import all_well

scenario = replace(
    all_well.scenario,
    # The waits before further attempts are those of the default policy, skipped.
    server=Server(clock=Clock.SKIPPING),
    faults=[
        HttpError(on=Accounts.post, status=500, when=Window(opens=FromCall(n=4), closes=FromCall(n=7))),
        HttpError(on=Accounts.post, status=429, when=Window(opens=FromCall(n=7), closes=FromCall(n=8))),
        LostReply(on=Accounts.post, when=Window(opens=FromCall(n=10), closes=FromCall(n=11))),
    ],
    expects=[
        Outcome(result={"balance": sum(one.cents for one in all_well.POSTINGS), "posted": 12, "run": 3}),
        replace(all_well.CARRIED, in_order=True),
        Attempts(of=Accounts.post, count=12 + 4 + 1),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 5, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        NoItemLost(of=Accounts.post, per="number", items=range(12)),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
)
