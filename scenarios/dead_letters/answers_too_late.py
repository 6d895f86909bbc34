"""An item is processed but answered too late, each time: the caller gives up by itself, and its letter says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtMostOnce, Contents, FirstCalls, LateReply, Outcome
from scenarios.dead_letters import all_well
from scenarios.dead_letters.workflow import Patience

scenario = replace(
    all_well.scenario,
    # A request really takes what it takes: its limit is scaled 20 times.
    given=replace(all_well.BATCH, items=[0, 1], patience=Patience(tries=2, answer_within=timedelta(seconds=1))),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=3), when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"successful": 1, "failed": 1, "dlq_count": 1, "results": {"1": "b/1"}, "failures": [0]}),
        Contents(
            of=DeadLetters,
            per="item",
            values=[0],
            having={"retry_count": 2, "errors": ["ReadTimeout: Application error"] * 2},
        ),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
