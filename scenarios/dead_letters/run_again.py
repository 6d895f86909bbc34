"""A run times out while an item is being processed: the next run does no item twice, and writes no letter twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import (
    AtMostOnce,
    Contents,
    FirstCalls,
    HttpError,
    LiveRun,
    OnlyNthCall,
    Outcome,
    Recorded,
    Server,
    StartOptions,
)
from scenarios.dead_letters import all_well, worker_killed


async def drive(run: LiveRun) -> None:
    """Hold the second item until the first run has timed out, and the second one tries the first item again."""
    async with run.holding_each((Items.process, 2), (Items.process, 3)):
        pass


scenario = replace(
    all_well.scenario,
    server=Server(),
    given=replace(all_well.BATCH, items=[0, 1], patience=replace(worker_killed.IMPATIENT, tries=1)),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    # The first item, in both runs.
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=1)),
        OnlyNthCall(on=Items.process, n=3, fault=HttpError(on=Items.process, status=500)),
    ],
    expects=[
        Outcome(result={"successful": 1, "failed": 1, "dlq_count": 1, "failures": [0]}),
        AtMostOnce(of=Items.process, per="item"),
        Contents(of=DeadLetters, per="item", values=[0]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
