"""Updates come as a run is about to end: each is answered by the run that accepted it, before it continues as new."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.accounts import Accounts
from harness import AtMostOnce, LiveRun, NoItemLost, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount

PAID_IN = [Posting(number=number, cents=100) for number in range(9)]
PAID_OUT = [Posting(number=number, cents=-10) for number in range(100, 104)]


async def drive(run: LiveRun) -> None:
    """Ask for money while a run's last posting is on its way, and wait for the answers."""
    for posting in PAID_IN:
        await run.handle.signal(KeepAccount.post, posting)
    async with run.holding(Accounts.post, nth=5):
        asked = [asyncio.create_task(run.handle.execute_update(KeepAccount.withdraw, one)) for one in PAID_OUT]
        await run.until("WorkflowExecutionUpdateAccepted", nth=len(asked))
    # Whether they were answered is for the oracles to say.
    await asyncio.gather(*asked, return_exceptions=True)
    await run.handle.signal(KeepAccount.close)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"balance": 860, "posted": 13, "pending": [], "run": 2}),
        all_well.CARRIED,
        Recorded(event="WorkflowExecutionUpdateCompleted", count=4),
        NoItemLost(of=Accounts.post, per="number", items=[*range(9), *range(100, 104)]),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
    claims=["CON-019"],
)
