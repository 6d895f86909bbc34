"""A batch's run times out while an item is being processed: the next run processes no item twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from harness import AtMostOnce, LiveRun, NoItemLost, Outcome, Recorded, StartOptions
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel.workflows import items


async def drive(run: LiveRun) -> None:
    """Hold the second item until the first run has timed out, and the second one asks for its first item."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        pass


scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=list(range(3)), at_once=1, patience=all_well.IMPATIENT),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    faults=(),
    expects=[
        Outcome(result={"success_rate": 1.0}),
        NoItemLost(of=Items.process, per="item", items=range(3)),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
