"""A client sends a posting again, which an earlier run has made: it is the same posting, and is made once."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import AtMostOnce, Attempts, LiveRun, NoItemLost, Outcome
from scenarios.entity import all_well
from scenarios.entity.workflow import Renewal


async def drive(run: LiveRun) -> None:
    """Send all of them before the first one is made."""
    await all_well.send(run, SENT)


# The first run makes three, the second one begins with the first of them again.
SENT = [*all_well.POSTINGS[:4], all_well.POSTINGS[0], *all_well.POSTINGS[4:6]]

scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, renewal=Renewal(after_postings=3, when_suggested=False)),
    drive=drive,
    expects=[
        Outcome(
            result={
                "balance": sum(one.cents for one in all_well.POSTINGS[:6]),
                "posted": 7,
                "pending": [],
                "run": 3,
                "renewed": {"postings": 2},
            }
        ),
        Attempts(of=Accounts.post, count=7),
        NoItemLost(of=Accounts.post, per="number", items=range(6)),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
)
