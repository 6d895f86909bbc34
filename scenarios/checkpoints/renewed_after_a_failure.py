"""An answer is lost and an item never succeeds: the runs that follow report both as the first run did."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, FromCall, HttpError, LostReply, Outcome, Recorded, Window
from scenarios.checkpoints import all_well, renewed

POISONED = 2

# The first call's answer is lost; the fourth to the sixth are the three tries of item 2.
scenario = replace(
    renewed.scenario,
    faults=[
        LostReply(on=Items.process, when=FirstCalls(n=1)),
        HttpError(on=Items.process, status=500, when=Window(opens=FromCall(n=4), closes=FromCall(n=7))),
    ],
    expects=[
        Outcome(result={"processed": 12, "failed": 1, "checkpoints": 5}),
        all_well.told(([0, 1, 3], [POISONED]), ([4, 5], []), ([6, 7, 8, 9], []), ([10, 11], []), ([12], [])),
        Attempts(of=Items.process, count=13 + 1 + 2),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
    ],
    claims=(),
)
