"""The server ends an account that never continues as new at the limit, in the middle of its work."""

from __future__ import annotations

from dataclasses import replace

from temporalio.service import RPCError, RPCStatusCode

from fakes.accounts import Accounts
from harness import LiveRun, Outcome, Recorded, Status
from scenarios.entity import all_well
from scenarios.entity._limited import LIMITED
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import KeepAccount, Renewal


async def drive(run: LiveRun) -> None:
    """Send more than fits into one history, and knock again once it is full."""
    await run.handle.signal(KeepAccount.post, Posting(number=0, cents=1))
    async with run.holding(Accounts.post):
        for number in range(1, 20):
            await run.handle.signal(KeepAccount.post, Posting(number=number, cents=1))
    await run.until("WorkflowExecutionTerminated")
    try:
        await run.handle.signal(KeepAccount.post, Posting(number=20, cents=1))
    except RPCError as refused:
        if refused.status is not RPCStatusCode.NOT_FOUND:
            raise


scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, renewal=Renewal(after_postings=None, when_suggested=False, after=None)),
    server=LIMITED,
    drive=drive,
    expects=[
        Outcome(status=Status.TERMINATED),
        Recorded(
            event="WorkflowExecutionTerminated", having={"reason": "Workflow history count exceeds limit."}, count=1
        ),
        Recorded(event="WorkflowExecutionSignaled", count=20),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=0),
    ],
    claims=["HIS-002", "HIS-004"],
)
