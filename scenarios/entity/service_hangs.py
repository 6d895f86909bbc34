"""A posting is made but answered too late: the caller waits no longer than it said, and it is made once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.accounts import Accounts
from harness import AtMostOnce, FirstCalls, LateReply, LiveRun, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.workflow import KeepAccount


async def drive(run: LiveRun) -> None:
    """Post once, and close the account."""
    await run.handle.signal(KeepAccount.post, all_well.POSTINGS[0])
    await run.handle.signal(KeepAccount.close)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, answer_within=timedelta(seconds=2.4)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Accounts.post, patience=timedelta(seconds=4.4), when=FirstCalls(n=1))],
    drive=drive,
    expects=[
        Outcome(result={"balance": all_well.POSTINGS[0].cents, "posted": 1, "refused": 0, "pending": []}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
)
