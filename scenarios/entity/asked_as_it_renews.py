"""An update comes when the run is about to continue as new: it is refused with the reason, and made by the next run."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from fakes.accounts import Accounts
from harness import AtMostOnce, LiveRun, NoItemLost, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount

PAID_IN = [Posting(number=number, cents=100) for number in range(5)]
FIRST, SECOND, COMPLAINT = (Posting(number=number, cents=-10) for number in (100, 101, 102))


async def drive(run: LiveRun) -> None:
    """Ask twice: as the run's last posting is on its way, and while the answer to that keeps the run from its end."""
    for posting in PAID_IN:
        await run.handle.signal(KeepAccount.post, posting)
    async with run.holding(Accounts.post, nth=5):
        first = asyncio.create_task(run.handle.execute_update(KeepAccount.withdraw, FIRST))
        await run.until("WorkflowExecutionUpdateAccepted")
    async with run.holding(Accounts.post, nth=6):
        if not await _refused(run):
            # Whoever is not told to ask again does something else.
            await run.handle.signal(KeepAccount.post, COMPLAINT)
    await first
    await run.handle.execute_update(KeepAccount.withdraw, SECOND)
    await run.handle.signal(KeepAccount.close)


async def _refused(run: LiveRun) -> bool:
    asking = asyncio.create_task(run.handle.execute_update(KeepAccount.withdraw, SECOND))
    accepted = asyncio.create_task(run.until("WorkflowExecutionUpdateAccepted", nth=2))
    await asyncio.wait([asking, accepted], return_when=asyncio.FIRST_COMPLETED)
    accepted.cancel()
    if not asking.done():
        asking.cancel()
        return False
    error = asking.exception()
    cause = error.cause if isinstance(error, WorkflowUpdateFailedError) else None
    return isinstance(cause, ApplicationError) and cause.type == "Renewing"


scenario = replace(
    all_well.scenario,
    drive=drive,
    expects=[
        Outcome(result={"balance": 480, "posted": 7, "refused": 0, "pending": [], "run": 2}),
        all_well.CARRIED,
        Recorded(event="WorkflowExecutionUpdateAccepted", count=2),
        Recorded(event="WorkflowExecutionUpdateCompleted", count=2),
        NoItemLost(of=Accounts.post, per="number", items=[*range(5), 100, 101]),
        AtMostOnce(of=Accounts.post, per="number"),
    ],
    claims=["CON-019"],
)
