"""One item of ten is refused: that is the share that may fail, and the batch succeeds."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, ConcurrencyKept, FirstCalls, HttpError, NoItemLost, Outcome, Recorded
from scenarios.parallel import all_well
from scenarios.parallel._told import Told
from scenarios.parallel.activities import item_activities
from scenarios.parallel.workflows import items
from scenarios.parallel.workflows.batches import ProcessInBatches
from scenarios.parallel.workflows.items import ProcessItems

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application, workflows=[ProcessItems, ProcessInBatches], activities=item_activities
    ),
    workflow=ProcessItems.run,
    # One after the other, so that the first item is the one that is refused.
    given=items.Items(items=list(range(10)), at_once=1, patience=all_well.IMPATIENT),
    uses=[Items],
    drive=None,
    faults=[HttpError(on=Items.process, status=400, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success_rate": 0.9}),
        Told(done=range(1, 10), failed=[{"item": 0, "error": "Refused: the service answered 400"}]),
        Attempts(of=Items.process, count=10),
        ConcurrencyKept(of=Items.process, limit=1),
        NoItemLost(of=Items.process, per="item", items=range(1, 10)),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=10,
        ),
    ],
    claims=["PAR-004"],
)
