"""An answer is lost, then the service is busy: each attempt starts over, and each chunk is processed once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, FromCall, HttpError, LostReply, NothingAfterClose, Outcome, Window
from scenarios.cancellation import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        LostReply(on=Items.process, when=FirstCalls(n=1)),
        HttpError(on=Items.process, status=429, when=Window(opens=FromCall(n=3), closes=FromCall(n=4))),
    ],
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        # One call, then two, then all four: the third attempt is the last.
        Attempts(of=Items.process, count=1 + 2 + 4),
        AtMostOnce(of=Items.process, per="item"),
        Attempts(of=Items.discard, count=0),
        NothingAfterClose(),
    ],
    claims=(),
)
