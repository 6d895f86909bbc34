"""One item of ten is refused: that is the share that may fail, and the batch succeeds."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, FirstCalls, HttpError, Outcome
from scenarios.parallel import all_well
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
    given=items.Items(items=list(range(10)), patience=all_well.IMPATIENT),
    uses=[Items],
    drive=None,
    faults=[HttpError(on=Items.process, status=400, when=FirstCalls(n=1))],
    expects=[Outcome(result={"success_rate": 0.9}), Attempts(of=Items.process, count=10)],
    claims=["PAR-004"],
)
