"""The service hangs: the caller waits no longer than it said, and each item is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import LiveRun, Outcome, Recorded
from harness.events import CallReceived
from scenarios.checkpoints import all_well
from scenarios.checkpoints.workflow import Patience


async def drive(run: LiveRun) -> None:
    """Hold the first call until there is another one."""
    async with run.holding(Items.process):
        await run.told(CallReceived, call=f"{Items.process}#2")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.scenario.given, patience=Patience(answer_within=timedelta(seconds=2))),
    drive=drive,
    expects=[
        Outcome(result={"processed": 13, "failed": 0}),
        *all_well.EACH_ONCE,
        # The caller gave up by itself: no attempt went on until it was cut off.
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}},
            count=0,
        ),
    ],
    claims=(),
)
