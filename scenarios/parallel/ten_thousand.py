"""Ten thousand items in batches of a hundred, ten batches at once: a hundred activities, and never more than ten."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, ConcurrencyKept, NoItemLost, Outcome, Recorded
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel.workflows.batches import Batches, ProcessInBatches

# Production's sizes.
scenario = replace(
    one_in_ten_refused.scenario,
    workflow=ProcessInBatches.run,
    given=Batches(items=10_000, patience=all_well.IMPATIENT),
    faults=(),
    expects=[
        Outcome(result={"batches_processed": 100, "items_processed": 10_000}),
        Recorded(event="ActivityTaskScheduled", count=100),
        # Ten of them by the first workflow task, the others when one has ended.
        Recorded(event="ActivityTaskScheduled", having={"workflowTaskCompletedEventId": "4"}, count=10),
        Attempts(of=Items.process, count=100),
        ConcurrencyKept(of=Items.process, limit=10),
        NoItemLost(of=Items.process, per="item", items=range(100)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=["PAR-008"],
)
