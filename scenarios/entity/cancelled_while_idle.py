"""The account is cancelled while it has nothing to do: it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.accounts import Accounts
from harness import Attempts, LiveRun, Outcome, Status
from scenarios.entity import all_well


async def drive(run: LiveRun) -> None:
    """Cancel once it waits for something to do."""
    await run.until("TimerStarted")
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    drive=drive,
    deadline=timedelta(seconds=30),
    expects=[Outcome(status=Status.CANCELED), Attempts(of=Accounts.post, count=0)],
)
