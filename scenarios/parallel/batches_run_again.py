"""The run times out while a batch is being processed: the next run processes no batch twice."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, NoItemLost, Outcome, Recorded
from scenarios.parallel import all_well, items_run_again, ten_thousand
from scenarios.parallel.workflows.batches import Batches

scenario = replace(
    ten_thousand.scenario,
    given=Batches(items=300, max_parallel=1, patience=all_well.IMPATIENT),
    start=items_run_again.scenario.start,
    drive=items_run_again.drive,
    expects=[
        Outcome(result={"batches_processed": 3, "items_processed": 300}),
        NoItemLost(of=Items.process, per="item", items=range(3)),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
