"""The service processes batches whose answers are lost, and is busy in between: each batch is processed once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, FromCall, HttpError, LostReply, NoItemLost, Outcome, Window
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import FREQUENCY, Loop

# The second batch is the last of its run, so that its answer is lost as the run is about to end.
scenario = replace(
    all_well.scenario,
    given=Loop(renewal=replace(FREQUENCY, after_batches=2), ends_after=3),
    faults=[
        LostReply(on=Items.process, when=FirstCalls(n=1)),
        LostReply(on=Items.process, when=Window(opens=FromCall(n=3), closes=FromCall(n=4))),
        HttpError(on=Items.process, status=429, when=Window(opens=FromCall(n=4), closes=FromCall(n=5))),
    ],
    expects=[
        Outcome(result={"done": 3, "run": 2, "renewed": {"batches": 1}}),
        Attempts(of=Items.process, count=3 + 3),
        NoItemLost(of=Items.process, per="item", items=range(3)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
