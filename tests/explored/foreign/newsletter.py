"""A subscription whose mails are sent by a child that outlives it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

SOON = timedelta(seconds=5)
TRIES = RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_attempts=3)
UNTIL_DONE = RetryPolicy(initial_interval=timedelta(milliseconds=20))

CHARGED: set[str] = set()
MAILED: dict[str, set[int]] = {}


@activity.defn
async def charge(reader: str) -> None:
    """Charge a reader, once."""
    CHARGED.add(reader)


@activity.defn
async def refund(reader: str) -> None:
    """Pay a reader back."""
    CHARGED.discard(reader)


@activity.defn
async def send_mail(reader: str, number: int) -> None:
    """Send one mail, once."""
    MAILED.setdefault(reader, set()).add(number)


@workflow.defn
class SendMails:
    """Sends mail after mail."""

    @workflow.run
    async def run(self, reader: str) -> None:
        """Send three, a day apart."""
        for number in range(3):
            await workflow.execute_activity(
                send_mail, args=[reader, number], start_to_close_timeout=SOON, retry_policy=UNTIL_DONE
            )
            await workflow.sleep(timedelta(days=1))


async def start_mails(reader: str) -> None:
    """Start the child, and wait until it has been started."""
    await workflow.start_child_workflow(
        SendMails.run,
        reader,
        id=f"mails-{reader}",
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
    )


async def pay_back(reader: str) -> None:
    """Pay a reader back, however long that takes."""
    await workflow.execute_activity(refund, reader, start_to_close_timeout=SOON, retry_policy=UNTIL_DONE)


async def to_its_end(step: Coroutine[Any, Any, None]) -> None:
    """See a step to its end, whoever cancels the workflow meanwhile."""
    going_on = asyncio.create_task(step)
    while not going_on.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(going_on)


@workflow.defn
class Subscribe:
    """Charges first: mails are for those who have paid, and who has paid is subscribed, even if cancelled then."""

    @workflow.run
    async def run(self, reader: str) -> str:
        """Subscribe a reader."""
        try:
            await workflow.execute_activity(charge, reader, start_to_close_timeout=SOON, retry_policy=TRIES)
        except BaseException:
            await to_its_end(pay_back(reader))
            raise
        await to_its_end(start_mails(reader))
        return f"{reader} is subscribed"


@workflow.defn
class SubscribeFirst:
    """Starts the mails first, and does not stop them when the charge fails."""

    @workflow.run
    async def run(self, reader: str) -> str:
        """Subscribe a reader."""
        await start_mails(reader)
        try:
            await workflow.execute_activity(charge, reader, start_to_close_timeout=SOON, retry_policy=TRIES)
        except ActivityError:
            await pay_back(reader)
            raise
        return f"{reader} is subscribed"
