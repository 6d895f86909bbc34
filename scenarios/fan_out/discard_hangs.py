"""An item cannot be processed, and discarding it is answered too late: the caller waits no longer than it said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import EffectsInOrder, FirstCalls, LateReply, LostReply, Outcome, Recorded, Status
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.item import Item, ProcessItem

scenario = replace(
    all_well.scenario,
    workflow=ProcessItem.run,
    given=Item(batch="b", item=7, patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempts=1)),
    drive=None,
    # A caller that waits for longer than it may gets its answer.
    faults=[
        LostReply(on=Items.process),
        LateReply(on=Items.discard, patience=timedelta(seconds=4), when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        EffectsInOrder(operations=[Items.process, Items.discard]),
    ],
    claims=(),
)
