"""The run times out while a chunk is being processed: the next run starts over, and processes no chunk twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from harness import AtMostOnce, Attempts, LiveRun, NoItemLost, Outcome, Recorded, StartOptions
from scenarios.cancellation import all_well


async def drive(run: LiveRun) -> None:
    """Hold the second chunk until the first run has timed out, and the second one asks for its first chunk."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        pass


scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.OPERATION,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=10), silent_within=timedelta(seconds=20)),
    ),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        NoItemLost(of=Items.process, per="item", items=range(0, 350, 100)),
        AtMostOnce(of=Items.process, per="item"),
        # A run that is over is no request to discard what it did.
        Attempts(of=Items.discard, count=0),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
