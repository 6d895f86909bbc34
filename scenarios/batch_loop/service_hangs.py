"""A batch is processed and answered too late: the caller waits no longer than it said, and it is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, FirstCalls, LateReply, NoItemLost, Outcome, Recorded
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import FREQUENCY, Loop

scenario = replace(
    all_well.scenario,
    given=Loop(renewal=FREQUENCY, ends_after=2, answer_within=timedelta(seconds=2.4)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=4.4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"done": 2}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        NoItemLost(of=Items.process, per="item", items=range(2)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
