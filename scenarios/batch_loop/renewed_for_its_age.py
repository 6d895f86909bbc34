"""A batch a day: after thirty days a run is over, long before it has made a thousand batches or a long history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import Attempts, NoItemLost, Outcome
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import HYBRID, Loop

BATCHES = 33

scenario = replace(
    all_well.scenario,
    given=Loop(renewal=HYBRID, pause=timedelta(days=1), ends_after=BATCHES),
    expects=[
        # The first batch is made as the run begins, so that the thirty-first ends it.
        Outcome(result={"done": BATCHES, "run": 2, "renewed": {"age": 1}}),
        Attempts(of=Items.process, count=BATCHES),
        NoItemLost(of=Items.process, per="item", items=range(BATCHES)),
    ],
    claims=["CON-012"],
)
