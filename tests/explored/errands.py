"""Orders that leave their mail to a child which outlives them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.workflow import ParentClosePolicy

from harness import ExploredRun, Target

WITHIN = timedelta(seconds=9)
SENT: dict[str, int] = {}


@activity.defn
async def send_mail(order: str) -> str:
    """Take a moment."""
    await asyncio.sleep(0.2)
    SENT[order] = SENT.get(order, 0) + 1
    return f"mailed {order}"


@workflow.defn
class Mail:
    """Sends one mail."""

    @workflow.run
    async def run(self, order: str) -> str:
        """Send it."""
        return await workflow.execute_activity(send_mail, order, start_to_close_timeout=WITHIN)


@workflow.defn
class Wait:
    """Takes an hour."""

    @workflow.run
    async def run(self, _order: str) -> None:
        """Wait."""
        await workflow.sleep(timedelta(hours=1))


@workflow.defn
class Order:
    """Ends as soon as its child has started."""

    @workflow.run
    async def run(self, order: str) -> None:
        """Leave the mail to a child."""
        await workflow.start_child_workflow(
            Mail.run, order, id=f"{order}-mail", parent_close_policy=ParentClosePolicy.ABANDON
        )


@workflow.defn
class SlowOrder:
    """Leaves behind a child that is not done soon."""

    @workflow.run
    async def run(self, order: str) -> None:
        """Leave it."""
        await workflow.start_child_workflow(
            Wait.run, order, id=f"{order}-wait", parent_close_policy=ParentClosePolicy.ABANDON
        )


def one_mail(run: ExploredRun) -> None:
    """An order is mailed, whatever is done twice meanwhile."""
    assert run.failed or run.world >= 1, "no mail went out"


target = Target(
    workflows=[Order, Mail],
    activities=[send_mail],
    workflow=Order.run,
    given=str,
    world=lambda token: SENT.get(token, 0),
    invariants=[one_mail],
    without=["Mail/*:non_retryable", "Mail/*:down", "Mail#1:*"],
)
