"""The account is closed while an update is under way: its sender is answered before the account ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.accounts import Accounts
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount


async def drive(run: LiveRun) -> None:
    """Close the account while what was asked for is being made, and wait for the answer."""
    posting = Posting(number=0, cents=100)
    asked = asyncio.create_task(run.handle.execute_update(KeepAccount.withdraw, posting))
    async with run.holding(Accounts.post):
        await run.handle.signal(KeepAccount.close)
        # The task that delivers the signal has been completed when this is answered.
        await run.handle.query(KeepAccount.state)
    # Whether it was answered is for the oracles to say.
    await asyncio.gather(asked, return_exceptions=True)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"balance": 100, "posted": 1, "refused": 0, "pending": [], "closed": True}),
        Recorded(event="WorkflowExecutionUpdateCompleted", count=1),
        Attempts(of=Accounts.post, count=1),
    ],
)
