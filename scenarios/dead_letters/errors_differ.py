"""An item fails each time in another way, the next one's answer is lost: its letter tells all three, in order."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtMostOnce, Attempts, Contents, FirstCalls, FromCall, HttpError, LostReply, Outcome, Window
from scenarios.dead_letters import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.BATCH, items=[0, 1]),
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=1)),
        HttpError(on=Items.process, status=400, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
        HttpError(on=Items.process, status=429, when=Window(opens=FromCall(n=3), closes=FromCall(n=4))),
        LostReply(on=Items.process, when=Window(opens=FromCall(n=4), closes=FromCall(n=5))),
    ],
    expects=[
        Outcome(result={"successful": 1, "failed": 1, "dlq_count": 1, "results": {"1": "b/1"}, "failures": [0]}),
        Contents(
            of=DeadLetters,
            per="item",
            values=[0],
            having={
                "batch": "b",
                "retry_count": 3,
                "errors": [f"NotProcessed: /items answered {status}" for status in (500, 400, 429)],
            },
        ),
        Attempts(of=Items.process, count=3 + 2),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
