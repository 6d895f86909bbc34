"""An attempt that was cut off goes on and prints after the workflow's end: under its key, nothing is printed twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, Attempts, LiveRun, Outcome, Recorded, RetrySchedule
from scenarios.timeouts import all_well
from scenarios.timeouts.workflow import POOLED

# 10 s scaled to two: no less, since the second attempt must not be cut off, too. The request is not bounded, so the
# attempt does not end when its time does.
UNBOUNDED = replace(POOLED, attempt=timedelta(seconds=2), answer_within=timedelta(minutes=1))


async def drive(run: LiveRun) -> None:
    """Answer the first attempt's first request only when the second attempt has closed the month."""
    async with run.holding(Bookkeeping.rate, nth=2):
        await run.until("WorkflowExecutionCompleted")


scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, print=UNBOUNDED),
    drive=drive,
    expects=[
        Outcome(result={"statement": "statement of May"}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        RetrySchedule(activity="print_statement", initial=UNBOUNDED.first_wait),
        # The second of them comes from the attempt that was cut off.
        Attempts(of=Bookkeeping.print, count=2),
        AtMostOnce(of=Bookkeeping.print, per="month"),
    ],
    claims=["TMO-007"],
)
