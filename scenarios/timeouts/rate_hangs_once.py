"""One attempt is cut off by its own limit (start_to_close): the next one succeeds, and nobody outside notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import QUICK

# A running attempt takes what it takes on any clock, so its 5 s are scaled to one; and its request is given more time
# than itself, or it would end by itself before it is cut off.
UNBOUNDED = replace(QUICK, attempt=timedelta(seconds=1), answer_within=timedelta(minutes=1))

CUT_OFF = {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}


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
        Recorded(
            event="ActivityTaskStarted",
            having={
                "lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}},
            },
            count=1,
        ),
        Attempts(of=Bookkeeping.rate, count=3),
    ],
    claims=["TMO-001"],
)
