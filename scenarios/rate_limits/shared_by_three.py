"""Three workflows share one limiter, which continues as new meanwhile: the limit holds for them all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from fakes.quotes import Quotes
from harness import LiveRun, Outcome, RateKept, Recorded
from scenarios.rate_limits import all_well
from scenarios.rate_limits.limiters.shared import Shared, SharedLimiter
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import AskPrices, Errand, Patience

SECOND = timedelta(seconds=1)
PER = 3 * SECOND
QUOTES = Quotes.limited(6, PER)

# Production's attempts scaled down, and more of them: on a busy machine one may run out of its second.
IMPATIENT = Patience(answer_within=SECOND / 2, attempt=SECOND, attempts=20, first_wait=SECOND / 10)


async def drive(run: LiveRun) -> None:
    """Have three workflows ask four times each, and close the limiter behind them."""
    errand = Errand(requests=all_well.named(4), shared=run.handle.id, per_run=2, patience=IMPATIENT)
    asked = [
        run.client.execute_workflow(
            AskPrices.run, errand, id=f"{run.handle.id}-caller-{number}", task_queue=run.task_queue
        )
        for number in range(3)
    ]
    assert await asyncio.gather(*asked) == [all_well.prices(4)] * 3  # noqa: S101 - not the scenario's own outcome
    await run.handle.signal(SharedLimiter.close)


# In real time, since each workflow's clock would skip for itself; the limit is scaled to that.
scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, workflows=[SharedLimiter, AskPrices]),
    workflow=SharedLimiter.run,
    given=Shared(limiter=SlidingWindow(limit=6, per=PER, reach=2 * SECOND), per_run=4),
    uses=[QUOTES],
    drive=drive,
    expects=[
        Outcome(),
        RateKept(of=QUOTES.ask, limit=6, per=PER),
        Recorded(event="WorkflowExecutionContinuedAsNew"),
        Recorded(event="SignalExternalWorkflowExecutionInitiated"),
    ],
    claims=["TBK-005"],
)
