"""The server suggests a new run: the loop follows it, although its own limits are far away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, Attempts, HistoryBounded, NoItemLost, Outcome, Recorded, Server
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import HYBRID, Loop

BATCHES = 8

scenario = replace(
    all_well.scenario,
    given=Loop(renewal=HYBRID, pause=timedelta(milliseconds=20), ends_after=BATCHES),
    # A hundred times below the default.
    server=Server(dynamic_config={"limit.historyCount.suggestContinueAsNew": "40"}),
    expects=[
        Outcome(result={"done": BATCHES}),
        Recorded(event="WorkflowExecutionContinuedAsNew"),
        HistoryBounded(events=60),
        Attempts(of=Items.process, count=BATCHES),
        NoItemLost(of=Items.process, per="item", items=range(BATCHES)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
