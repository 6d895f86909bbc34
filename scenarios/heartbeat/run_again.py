"""The run times out while an item is being processed: the next run starts over, and processes no item twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from harness import AtMostOnce, Attempts, LiveRun, NoItemLost, Outcome, Recorded, StartOptions
from scenarios.heartbeat import all_well
from scenarios.heartbeat.workflow import Batch

ITEMS = 4


async def drive(run: LiveRun) -> None:
    """Hold the second item until the first run has timed out, and the second one asks for its first item."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        pass


scenario = replace(
    all_well.scenario,
    given=Batch(items=ITEMS, patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=10))),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"processed": ITEMS}),
        NoItemLost(of=Items.process, per="item", items=range(ITEMS)),
        AtMostOnce(of=Items.process, per="item"),
        # A run that is over is no request to discard what it did.
        Attempts(of=Items.discard, count=0),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
)
