"""Three workflows with five places each: places are a workflow's own, so the service sees fifteen requests at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from harness import Call, ConcurrencyKept, LiveRun, Outcome
from scenarios.rate_limits import all_well
from scenarios.rate_limits.all_well import QUOTES
from scenarios.rate_limits.workflow import AskPrices, Errand

ERRAND = Errand(requests=all_well.named(8), at_once=5)


async def drive(run: LiveRun) -> None:
    """Have two more of them ask, and serve nothing until fifteen requests are there, however long that takes."""
    service = run.testbed.fake(QUOTES.ask)
    full = asyncio.Event()

    async def hold(_: Call) -> None:
        if service.in_flight >= 15:
            full.set()
        await full.wait()

    with service.watched(QUOTES.ask, hold):
        others = [
            run.client.execute_workflow(
                AskPrices.run, ERRAND, id=f"{run.handle.id}-{number}", task_queue=run.task_queue
            )
            for number in (2, 3)
        ]
        await asyncio.gather(run.handle.result(), *others)


scenario = replace(
    all_well.scenario,
    given=ERRAND,
    drive=drive,
    expects=[Outcome(result=all_well.prices(8)), ConcurrencyKept(of=QUOTES.ask, limit=15, at_least=15)],
    claims=["SEM-002"],
)
