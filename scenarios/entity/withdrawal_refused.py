"""A withdrawal would overdraw the account: its sender is refused, and the account goes on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from temporalio.client import WorkflowUpdateFailedError

from fakes.accounts import Accounts
from harness import Attempts, LiveRun, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount


async def drive(run: LiveRun) -> None:
    """Ask for more than there is, then pay in, and close."""
    # Whether it was refused is for the oracles to say.
    with suppress(WorkflowUpdateFailedError):
        await run.handle.execute_update(KeepAccount.withdraw, Posting(number=0, cents=-1))
    await run.handle.signal(KeepAccount.post, Posting(number=1, cents=100))
    await run.handle.signal(KeepAccount.close)


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"balance": 100, "posted": 1, "refused": 1, "pending": [], "closed": True}),
        Recorded(event="WorkflowExecutionUpdateCompleted", count=1),
        Attempts(of=Accounts.post, count=2),
    ],
)
