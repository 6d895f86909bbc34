"""A batch that stops heartbeating in its last attempt fails, and the workflow learns which timeout it was."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import LiveRun, Outcome, Status, TimeoutKind
from scenarios.timeouts import all_well, batch_falls_silent_once


async def drive(run: LiveRun) -> None:
    """Leave the second entry's request unanswered."""
    async with run.holding(Bookkeeping.post, nth=2):
        await run.until("WorkflowExecutionFailed")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, post=replace(batch_falls_silent_once.SHORT, attempts=1)),
    drive=drive,
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "timeout HEARTBEAT")),
        TimeoutKind(activity="post_entries", kind="HEARTBEAT", retry_state="MAXIMUM_ATTEMPTS_REACHED", behind=()),
    ],
    claims=["TMO-005"],
)
