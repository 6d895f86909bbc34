"""Nothing comes for a week: hour after hour passes without ending the account, and it is renewed for its age."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from fakes.accounts import Accounts
from harness import Attempts, Clock, HistoryBounded, LiveRun, Outcome, Recorded, Server
from scenarios.entity import all_well
from scenarios.entity.workflow import Account, KeepAccount


async def drive(run: LiveRun) -> None:
    """Close the account once its first run is over."""
    ends = [
        asyncio.create_task(run.until(f"WorkflowExecution{how}")) for how in ("ContinuedAsNew", "Failed", "TimedOut")
    ]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if ends[0].done():
        await run.handle.signal(KeepAccount.close)
    for end in ends:
        end.cancel()


# An hour passes 168 times; a skipping clock skips 200 times at most.
scenario = replace(
    all_well.scenario,
    # Production's values as they are: waits of an hour, a week for a run.
    given=Account(name="Ada"),
    server=Server(clock=Clock.SKIPPING),
    drive=drive,
    expects=[
        Outcome(result={"posted": 0, "run": 2, "renewed": {"age": 1}}),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=1),
        Attempts(of=Accounts.post, count=0),
        # Six for each hour: its timer, its task, and its skip.
        HistoryBounded(events=24 * 7 * 6 + 10),
    ],
    claims=["CON-007", "CON-012", "CON-020"],
)
