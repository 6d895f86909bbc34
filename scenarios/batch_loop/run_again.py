"""The run times out while a batch is being processed: the next run begins anew, and processes no batch twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from harness import AtMostOnce, LiveRun, NoItemLost, Outcome, Recorded, Server, StartOptions
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import FREQUENCY, Loop


async def drive(run: LiveRun) -> None:
    """Hold the second batch until the first run has timed out, and the second one asks for its first batch."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        pass


scenario = replace(
    all_well.scenario,
    server=Server(),
    given=Loop(renewal=FREQUENCY, pause=timedelta(milliseconds=20), ends_after=2),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result={"done": 2}),
        NoItemLost(of=Items.process, per="item", items=range(2)),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
