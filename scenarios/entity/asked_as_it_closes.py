"""The account is closed while an update is under way: its sender is answered before the account ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from temporalio.client import WorkflowUpdateStage

from fakes.accounts import Accounts
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount


async def drive(run: LiveRun) -> None:
    """Close the account while what was asked for is being made. Whether it was answered is for the oracles to say."""
    posting = Posting(number=0, cents=100)
    asking = asyncio.create_task(
        run.handle.start_update(KeepAccount.withdraw, posting, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    )
    async with run.holding(Accounts.post):
        await asking
        await run.handle.signal(KeepAccount.close)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"balance": 100, "posted": 1, "refused": 0, "pending": [], "closed": True}),
        Recorded(event="WorkflowExecutionUpdateCompleted", count=1),
        Attempts(of=Accounts.post, count=1),
    ],
)
