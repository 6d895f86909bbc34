"""The server suggests a new run: it begins behind a checkpoint, although a run might have had more items."""

from __future__ import annotations

from dataclasses import replace

from harness import HistoryBounded, Outcome, Recorded, Server
from scenarios.checkpoints import all_well

scenario = replace(
    all_well.scenario,
    # A hundred times below the default: five items and a checkpoint.
    server=Server(dynamic_config={"limit.historyCount.suggestContinueAsNew": "40"}),
    expects=[
        Outcome(result={"processed": 13, "failed": 0}),
        Recorded(event="WorkflowExecutionContinuedAsNew"),
        HistoryBounded(events=60),
        *all_well.EACH_ONCE,
    ],
    claims=(),
)
