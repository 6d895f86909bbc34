"""The service is down for three workflows: each of them finds out for itself, with five calls."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.primary import Primary
from harness import Attempts, HttpError, LiveRun, Outcome
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.workflow import AskWithFallback

REQUESTS = all_well.requests(6)


async def drive(run: LiveRun) -> None:
    """Have two more of them ask the same."""
    others = [
        run.client.execute_workflow(
            AskWithFallback.run, REQUESTS, id=f"{run.handle.id}-{number}", task_queue=run.task_queue
        )
        for number in (2, 3)
    ]
    await asyncio.gather(run.handle.result(), *others)


scenario = replace(
    all_well.scenario,
    given=REQUESTS,
    drive=drive,
    faults=[HttpError(on=Primary.ask)],
    expects=[Outcome(), Attempts(of=Primary.ask, count=15)],
    claims=["CBF-007"],
)
