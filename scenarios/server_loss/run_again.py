"""The run times out while the summary is printed: the next run posts no entry a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, EffectsInOrder, LiveRun, Outcome, Recorded, StartOptions
from scenarios.server_loss import all_well


async def drive(run: LiveRun) -> None:
    """Hold the summary until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Bookkeeping.print, 1), (Bookkeeping.print, 2)):
        pass


scenario = replace(
    all_well.scenario,
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    drive=drive,
    expects=[
        Outcome(result=5),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        AtMostOnce(of=Bookkeeping.print, per="month"),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 5, Bookkeeping.print]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
)
