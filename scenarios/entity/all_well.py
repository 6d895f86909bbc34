"""Nothing fails: what comes while a run is busy is made in the next, and every posting is made once, in order."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.accounts import Accounts
from harness import (
    Application,
    AtMostOnce,
    HistoryBounded,
    LiveRun,
    NoItemLost,
    Outcome,
    Recorded,
    Scenario,
    StateCarried,
)
from scenarios.entity.activities import Posting, account_activities
from scenarios.entity.workflow import Account, KeepAccount, Renewal

POSTINGS = [Posting(number=number, cents=100 + number) for number in range(12)]

# Production's thousand postings scaled to five; everything else is as in production.
ACCOUNT = Account(name="Ada", renewal=Renewal(after_postings=5, when_suggested=False))

CARRIED = StateCarried(of=Accounts.post, per="number", sent_by=["post", "withdraw"])


async def send(run: LiveRun, postings: Sequence[Posting]) -> None:
    """Send them one after the other, while the first is on its way to the service, then close the account."""
    first, *others = postings
    await run.handle.signal(KeepAccount.post, first)
    async with run.holding(Accounts.post):
        for posting in others:
            await run.handle.signal(KeepAccount.post, posting)
    await run.handle.signal(KeepAccount.close)


async def drive(run: LiveRun) -> None:
    """Send all postings before the first one is made."""
    await send(run, POSTINGS)


scenario = Scenario(
    application=Application(
        workflows=[KeepAccount], activities=account_activities, data_converter=pydantic_data_converter
    ),
    workflow=KeepAccount.run,
    given=ACCOUNT,
    uses=[Accounts],
    drive=drive,
    expects=[
        Outcome(
            result={
                "balance": sum(one.cents for one in POSTINGS),
                "posted": 12,
                "refused": 0,
                "pending": [],
                "closed": True,
                "run": 3,
                "renewed": {"postings": 2},
            }
        ),
        CARRIED,
        NoItemLost(of=Accounts.post, per="number", items=range(12)),
        AtMostOnce(of=Accounts.post, per="number"),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=2),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "20s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=12,
        ),
        HistoryBounded(events=100),
    ],
)
