"""One attempt reaches its start_to_close timeout: the next one succeeds, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, LiveRun, Outcome, Recorded, RetrySchedule
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import QUICK

# A running attempt takes what it takes on any clock, so its 5 s are scaled to two: no less, since the second attempt
# must not be cut off, too. Its request is given more time than itself, or it would end by itself before it is cut off.
UNBOUNDED = replace(QUICK, attempt=timedelta(seconds=2), answer_within=timedelta(minutes=1))

CUT_OFF = {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}


async def drive(run: LiveRun) -> None:
    """Leave the first request unanswered until the second one was answered."""
    async with run.holding(Bookkeeping.rate):
        await run.until("ActivityTaskCompleted")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, rate=UNBOUNDED),
    drive=drive,
    expects=[
        Outcome(result={"rate": 1.25, "posted": 3}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2, "lastFailure": CUT_OFF}, count=1),
        # By the times that the server recorded: the wait begins when the first attempt was cut off.
        RetrySchedule(activity="get_rate", initial=UNBOUNDED.first_wait),
        Attempts(of=Bookkeeping.rate, count=3),
    ],
    claims=["TMO-001"],
)
