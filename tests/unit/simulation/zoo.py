"""Workflows that use one thing of Temporal's each, with the activities that they call."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    TimeoutError,  # noqa: A004 - the SDK's
)

SOON = timedelta(seconds=9)
QUICKLY = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2)
STAGE, OTHER = (SearchAttributeKey.for_keyword(name) for name in ("Stage", "Other"))


@activity.defn
async def echo(text: str) -> str:
    """Return what it gets."""
    return text


@activity.defn
def in_thread(text: str) -> str:
    """Return what it gets, from a thread."""
    return text


@activity.defn
async def fails_once(text: str) -> str:
    """Fail at the first attempt."""
    if activity.info().attempt == 1:
        raise ApplicationError("not yet")
    return text


@activity.defn
async def fails(text: str) -> str:
    """Fail at every attempt."""
    raise ApplicationError(f"no {text}", type="Refused")


@activity.defn
async def hangs(text: str) -> str:
    """Take a minute."""
    await asyncio.sleep(60)
    return text


@activity.defn
async def beats(text: str) -> str:
    """Heartbeat until it is cancelled."""
    while True:
        activity.heartbeat(text)
        await asyncio.sleep(0.05)


CALLED: list[str] = []


@activity.defn
async def is_called(text: str) -> None:
    """Note that."""
    CALLED.append(text)


@workflow.defn
class Leaves:
    """Ends with the task that schedules an activity."""

    @workflow.run
    async def run(self, text: str) -> None:
        """Do not wait for it."""
        workflow.start_activity(is_called, text, start_to_close_timeout=SOON)


@workflow.defn
class Calls:
    """Calls activities one after the other, one of which fails once, and waits an hour in between."""

    @workflow.run
    async def run(self, text: str) -> str:
        """Call them."""
        first = await workflow.execute_activity(echo, text, start_to_close_timeout=SOON)
        await workflow.sleep(3600)
        return first + await workflow.execute_activity(fails_once, text, start_to_close_timeout=SOON)


@workflow.defn
class Fails:
    """Calls an activity that fails."""

    @workflow.run
    async def run(self, text: str) -> str:
        """Call it."""
        return await workflow.execute_activity(fails, text, start_to_close_timeout=SOON, retry_policy=QUICKLY)


@workflow.defn
class TimesOut:
    """Calls activities that take too long, and returns by which timeout each was given up."""

    @workflow.run
    async def run(self, text: str) -> list[str]:
        """Call them."""
        second = timedelta(seconds=1)
        found = []
        for limits in (
            {"start_to_close_timeout": second},
            {"schedule_to_close_timeout": second},
            {"start_to_close_timeout": SOON, "heartbeat_timeout": second},
            {"start_to_close_timeout": SOON, "schedule_to_start_timeout": second, "task_queue": "nobody's"},
        ):
            try:
                await workflow.execute_activity(hangs, text, retry_policy=QUICKLY, **limits)
            except ActivityError as error:
                found.append(in_words(error))
        return found


def in_words(error: ActivityError) -> str:
    """Return by which timeout an activity was given up, and why it was not tried again."""
    assert isinstance(error.cause, TimeoutError)
    assert error.cause.type is not None
    assert error.retry_state is not None
    return f"{error.cause.type.name} {error.retry_state.name}"


@workflow.defn
class Cancels:
    """Cancels an activity in each of the ways there are, and returns after how long it knew."""

    @workflow.run
    async def run(self, text: str) -> list[bool]:
        """Cancel them."""
        at_once = []
        for kind in workflow.ActivityCancellationType:
            handle = workflow.start_activity(
                beats, text, start_to_close_timeout=SOON, heartbeat_timeout=timedelta(seconds=1), cancellation_type=kind
            )
            await workflow.sleep(0.3)
            before = workflow.time()
            handle.cancel()
            try:
                await handle
            except ActivityError:
                at_once.append(workflow.time() == before)
        return at_once


@workflow.defn
class Listens:
    """Takes signals and updates until it is told to end."""

    def __init__(self) -> None:
        self._taken: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        """Wait for the end."""
        await workflow.wait_condition(lambda: "end" in self._taken)
        return self._taken

    @workflow.signal
    async def tell(self, text: str) -> None:
        """Take a text."""
        self._taken.append(text)

    @workflow.query
    def many(self) -> int:
        """How many were taken."""
        return len(self._taken)

    @workflow.update
    async def ask(self, text: str) -> str:
        """Take a text, and return it after an activity."""
        self._taken.append(text)
        return await workflow.execute_activity(echo, text, start_to_close_timeout=SOON)

    @ask.validator
    def refuse(self, text: str) -> None:
        """Refuse an empty one."""
        if not text:
            raise ApplicationError("empty")


@workflow.defn
class Child:
    """Returns, fails, or waits for long."""

    @workflow.run
    async def run(self, text: str) -> str:
        """Do what it is told."""
        if text == "fail":
            raise ApplicationError("the child fails")
        if text == "wait":
            await workflow.sleep(1000)
        return text


@workflow.defn
class Parent:
    """Starts children, and leaves three behind with another policy each."""

    @workflow.run
    async def run(self, prefix: str) -> list[str]:
        """Start them."""
        told = [await workflow.execute_child_workflow(Child.run, "fine", id=f"{prefix}-fine")]
        try:
            await workflow.execute_child_workflow(Child.run, "fail", id=f"{prefix}-fail")
        except ChildWorkflowError as error:
            told.append(str(error.cause))
        for policy in ("TERMINATE", "REQUEST_CANCEL", "ABANDON"):
            await workflow.start_child_workflow(
                Child.run, "wait", id=f"{prefix}-{policy}", parent_close_policy=workflow.ParentClosePolicy[policy]
            )
        return told


@workflow.defn
class GoesOn:
    """Goes on as new so many times."""

    @workflow.run
    async def run(self, times: int) -> int:
        """Go on."""
        if times:
            workflow.continue_as_new(times - 1)
        return workflow.info().get_current_history_length()


@workflow.defn
class TriesAgain:
    """Fails until its third attempt."""

    @workflow.run
    async def run(self) -> int:
        """Fail."""
        if workflow.info().attempt < 3:
            raise ApplicationError("not yet")
        return workflow.info().attempt


@workflow.defn
class Locally:
    """Calls local activities, and has a patch."""

    @workflow.run
    async def run(self, text: str) -> str:
        """Call them."""
        first = await workflow.execute_local_activity(echo, text, start_to_close_timeout=SOON)
        second = await workflow.execute_local_activity(
            fails_once, text, start_to_close_timeout=SOON, retry_policy=QUICKLY
        )
        new = workflow.patched("new way")
        await workflow.execute_activity(in_thread, text, start_to_close_timeout=SOON)
        return f"{first}{second}{new}"


@workflow.defn
class Describes:
    """Says more about itself while it runs, and takes some of it back."""

    @workflow.run
    async def run(self) -> None:
        """Say it."""
        workflow.upsert_memo({"more": 2, "gone": None})
        workflow.upsert_search_attributes([STAGE.value_set("begun")])
        workflow.upsert_search_attributes([OTHER.value_unset()])
        await workflow.sleep(60)


@workflow.defn
class Busy:
    """Closes although a signal has come meanwhile, which its own activity sends."""

    def __init__(self) -> None:
        self._told = False

    @workflow.run
    async def run(self) -> bool:
        """Return whether it has heard the signal."""
        if not self._told and not workflow.unsafe.is_replaying():
            INTERRUPT[0]()
        return self._told

    @workflow.signal
    def tell(self) -> None:
        """Take the signal."""
        self._told = True


INTERRUPT = [lambda: None]
"""What happens while the code of `Busy` runs."""


@workflow.defn
class Draws:
    """Starts a child whose id is drawn at random."""

    @workflow.run
    async def run(self) -> str:
        """Start it."""
        return await workflow.execute_child_workflow(Child.run, "fine", id=str(workflow.uuid4()))
