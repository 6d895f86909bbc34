"""Postings come faster than they are made, also just as a run decides to end: none is lost, and all are in order."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import AtMostOnce, LiveRun, NoItemLost, Outcome
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount, Renewal

POSTINGS = [Posting(number=number, cents=1) for number in range(60)]


async def drive(run: LiveRun) -> None:
    """Send them back to back while they are being made."""
    for posting in POSTINGS:
        await run.handle.signal(KeepAccount.post, posting)
    await run.handle.signal(KeepAccount.close)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, renewal=Renewal(after_postings=3, when_suggested=False)),
    drive=drive,
    expects=[
        Outcome(result={"balance": 60, "posted": 60, "pending": []}),
        replace(all_well.CARRIED, in_order=True),
        NoItemLost(of=Accounts.post, per="number", items=range(60)),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
    claims=["CON-004", "CON-005"],
)
