"""schedule_to_close ends while an attempt runs: the attempt is cut off, and there is no retry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import LiveRun, Outcome, Recorded, Status, TimeoutKind
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import LONG

# 2 h in all scaled to half a second, since a running attempt takes what it takes on any clock.
SHORT = replace(LONG, in_all=timedelta(seconds=0.5), answer_within=timedelta(minutes=1))


async def drive(run: LiveRun) -> None:
    """Leave the first entry's request unanswered."""
    async with run.holding(Bookkeeping.post):
        await run.until("WorkflowExecutionFailed")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, post=SHORT),
    drive=drive,
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "timeout SCHEDULE_TO_CLOSE")),
        TimeoutKind(activity="post_entries", kind="SCHEDULE_TO_CLOSE", retry_state="TIMEOUT"),
        # An attempt cannot have more time than all of them: what is longer is recorded as short as that.
        Recorded(
            event="ActivityTaskScheduled",
            having={"startToCloseTimeout": "0.500s", "heartbeatTimeout": "0.500s", "scheduleToCloseTimeout": "0.500s"},
            count=1,
        ),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=0),
    ],
    claims=["TMO-002", "TMO-006"],
)
