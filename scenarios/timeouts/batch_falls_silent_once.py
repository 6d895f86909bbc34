"""A batch that stops heartbeating is retried, and continues after the last entry that it had reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, LiveRun, Outcome, Recorded, ResumedFromHeartbeat, RetrySchedule
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import LONG

# A heartbeat timeout takes what it takes on any clock, so its 30 s are scaled to two. The request is not bounded below
# it, or it would end by itself.
SHORT = replace(LONG, silence=timedelta(seconds=2), answer_within=timedelta(minutes=1))


async def drive(run: LiveRun) -> None:
    """Leave the second entry's first request unanswered until the batch is done."""
    async with run.holding(Bookkeeping.post, nth=2):
        await run.until("ActivityTaskCompleted", nth=2)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, post=SHORT),
    drive=drive,
    expects=[
        Outcome(result={"posted": 3}),
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_HEARTBEAT"}}},
            count=1,
        ),
        # Not before its time to be silent is over, and the wait after it; on a busy machine that may happen twice.
        RetrySchedule(activity="post_entries", initial=SHORT.first_wait),
        ResumedFromHeartbeat(activity="post_entries"),
        # The attempt that fell silent goes on, too, when it is answered at last.
        AtMostOnce(of=Bookkeeping.post, per="number"),
    ],
    claims=["TMO-005"],
)
