"""The last batch is not a whole one, and an answer is lost: 250 items in three batches, and each is processed once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, LostReply, NoItemLost, Outcome, Recorded
from scenarios.parallel import all_well, ten_thousand
from scenarios.parallel.workflows.batches import Batches

scenario = replace(
    ten_thousand.scenario,
    given=Batches(items=250, patience=all_well.IMPATIENT),
    faults=[LostReply(on=Items.process, when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"batches_processed": 3, "items_processed": 250}),
        Attempts(of=Items.process, count=5),
        NoItemLost(of=Items.process, per="item", items=range(3)),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=3,
        ),
    ],
    claims=(),
)
