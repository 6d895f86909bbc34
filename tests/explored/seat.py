"""A seat that is held until it is paid for, with a bug that only a cancellation while it waits brings out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.exceptions import ActivityError

from harness import Drive, Target, undone_on_failure

WITHIN = timedelta(seconds=10)


@activity.defn
async def hold(seat: str) -> str:
    """Hold it, under the booking's key."""
    return f"{seat} held"


@activity.defn
async def let_go(seat: str) -> str:
    """Let it go, whether or not it is held."""
    return f"{seat} let go"


@activity.defn
async def issue(seat: str) -> str:
    """Issue the ticket."""
    return f"ticket for {seat}"


@workflow.defn
class Seat:
    """Holds a seat, waits for its payment, and issues the ticket."""

    def __init__(self) -> None:
        self._paid = False

    @workflow.signal
    def pay(self) -> None:
        """It is paid for."""
        self._paid = True

    @workflow.run
    async def run(self, seat: str) -> str:
        """Book it."""
        try:
            await workflow.execute_activity(hold, seat, start_to_close_timeout=WITHIN)
        except ActivityError:
            await workflow.execute_activity(let_go, seat, start_to_close_timeout=WITHIN)
            raise
        # Bug: whoever is cancelled here, while it waits for nothing but a signal, keeps the seat.
        await workflow.wait_condition(lambda: self._paid)
        try:
            return await workflow.execute_activity(issue, seat, start_to_close_timeout=WITHIN)
        except (ActivityError, asyncio.CancelledError):
            await workflow.execute_activity(let_go, seat, start_to_close_timeout=WITHIN)
            raise


async def drive(run: Drive) -> None:
    """Book a seat, and pay once the workflow has seen that it is held and waits for that."""
    handle = await run.start(Seat.run, run.token)
    held = False
    async for event in handle.fetch_history_events(wait_new_event=True):
        held = held or event.HasField("activity_task_completed_event_attributes")
        if held and event.HasField("workflow_task_completed_event_attributes"):
            break
    await handle.signal(Seat.pay)
    await handle.result()


target = Target(
    workflows=[Seat],
    activities=[hold, let_go, issue],
    drive=drive,
    invariants=[undone_on_failure(hold, let_go)],
)
