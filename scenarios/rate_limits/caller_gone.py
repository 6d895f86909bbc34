"""A workflow has ended before its permission comes: that one is lost, and the shared limiter goes on for the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.rate_limits import all_well, shared_by_three
from scenarios.rate_limits.limiters.shared import Shared, SharedLimiter, Ticket
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.shared_by_three import PER, QUOTES
from scenarios.rate_limits.workflow import AskPrices, Errand


async def drive(run: LiveRun) -> None:
    """Ask for somebody who is there no more, and then for two requests."""
    await run.handle.signal(SharedLimiter.ask, Ticket(workflow_id=f"{run.handle.id}-gone", number="1"))
    errand = Errand(requests=all_well.named(2), shared=run.handle.id)
    caller = f"{run.handle.id}-caller"
    await run.client.execute_workflow(AskPrices.run, errand, id=caller, task_queue=run.task_queue)
    await run.handle.signal(SharedLimiter.close)


scenario = replace(
    shared_by_three.scenario,
    # A limit that three permissions do not reach, and a reach that no machine is too slow for.
    given=Shared(limiter=SlidingWindow(limit=6, per=PER, reach=timedelta(minutes=1))),
    drive=drive,
    expects=[
        Outcome(result=3),
        Attempts(of=QUOTES.ask, count=2),
        Recorded(event="SignalExternalWorkflowExecutionFailed", count=1),
    ],
    claims=[],
)
