"""The account is cancelled while a posting is on its way: it ends as Canceled, and makes no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.accounts import Accounts
from harness import Attempts, LiveRun, Outcome, Status
from scenarios.entity import all_well
from scenarios.entity.workflow import KeepAccount


async def drive(run: LiveRun) -> None:
    """Cancel while the first of two postings is on its way."""
    for posting in all_well.POSTINGS[:2]:
        await run.handle.signal(KeepAccount.post, posting)
    async with run.holding(Accounts.post):
        await run.handle.cancel()
        await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    drive=drive,
    deadline=timedelta(seconds=30),
    expects=[Outcome(status=Status.CANCELED), Attempts(of=Accounts.post, count=1)],
)
