"""The database hangs: the caller waits no longer than it said, and asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.datasets import Datasets
from harness import LiveRun, Outcome, Recorded
from harness.events import CallReceived
from scenarios.compression import all_well
from scenarios.compression.workflow import Patience, Wanted


async def drive(run: LiveRun) -> None:
    """Hold the first call until there is another one."""
    async with run.holding(Datasets.fetch):
        await run.told(CallReceived, call=f"{Datasets.fetch}#2")


scenario = replace(
    all_well.scenario,
    given=Wanted(dataset="sales-20", patience=Patience(answer_within=timedelta(seconds=2))),
    drive=drive,
    # Without its own limit it would wait for the five minutes of an attempt.
    deadline=timedelta(seconds=30),
    expects=[
        Outcome(result={"status": "complete", "records": 20}),
        # The caller gave up by itself: no attempt went on until it was cut off.
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}},
            count=0,
        ),
    ],
    claims=(),
)
