"""An item's run times out while the item is being processed: the next run uses the same key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from harness import AtMostOnce, EffectsInOrder, LiveRun, Outcome, Recorded, StartOptions
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.item import Item, ProcessItem


async def drive(run: LiveRun) -> None:
    """Hold the item until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Items.process, 1), (Items.process, 2)):
        pass


scenario = replace(
    all_well.scenario,
    workflow=ProcessItem.run,
    given=Item(batch="b", item=7, patience=all_well.IMPATIENT),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result="b/7"),
        AtMostOnce(of=Items.process, per="item"),
        EffectsInOrder(operations=[Items.process]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
