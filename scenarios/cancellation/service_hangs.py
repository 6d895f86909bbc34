"""The service hangs: the caller waits no longer than it said, and each chunk is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, LiveRun, Outcome, Recorded
from harness.events import CallReceived
from scenarios.cancellation import all_well


async def drive(run: LiveRun) -> None:
    """Hold the first call until there is another one."""
    async with run.holding(Items.process):
        await run.told(CallReceived, call=f"{Items.process}#2")


scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.OPERATION,
        limit=timedelta(minutes=1),
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=2), silent_within=timedelta(seconds=20)),
    ),
    drive=drive,
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_HEARTBEAT"}}},
            count=0,
        ),
    ],
    claims=(),
)
