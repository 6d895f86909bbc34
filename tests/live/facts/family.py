"""A parent and its child, each ending as it is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError, ChildWorkflowError
from temporalio.workflow import ParentClosePolicy

WITHIN = timedelta(seconds=20)


@activity.defn
async def refuse() -> None:
    """Say no."""
    raise ApplicationError("nope", type="Biz", non_retryable=True)


@activity.defn
async def clean_up() -> None:
    """Do what is to be done before the end."""


@workflow.defn
class Child:
    """Fails, or waits until it is told to finish; cancelled, it cleans up."""

    def __init__(self) -> None:
        self._finished = False

    @workflow.run
    async def run(self, how: str) -> None:
        """End in this way."""
        if how == "fail":
            await workflow.execute_activity(refuse, start_to_close_timeout=WITHIN)
        try:
            await workflow.wait_condition(lambda: self._finished)
        except asyncio.CancelledError:
            await workflow.execute_activity(clean_up, start_to_close_timeout=WITHIN)
            raise

    @workflow.signal
    def finish(self) -> None:
        """It may end."""
        self._finished = True


@workflow.defn
class Parent:
    """Starts a child, and ends before it or with it."""

    def __init__(self) -> None:
        self._ended = False

    @workflow.run
    async def run(self, policy: ParentClosePolicy | None, how: str) -> None:
        """End in this way once told to, or await the child."""
        if how == "renewed":
            return
        said: dict[str, Any] = {} if policy is None else {"parent_close_policy": policy}
        child = await workflow.start_child_workflow(
            Child.run, "wait", id=f"{workflow.info().workflow_id}-child", **said
        )
        if how == "await":
            await child
        await workflow.wait_condition(lambda: self._ended)
        if how == "fail":
            raise ApplicationError("failed")
        if how == "renew":
            workflow.continue_as_new(args=[policy, "renewed"])

    @workflow.signal
    def end(self) -> None:
        """It may end."""
        self._ended = True


@workflow.defn
class Asks:
    """Awaits a child, and says what it gets."""

    @workflow.run
    async def run(self, how: str, run_timeout: float | None) -> list[list[str]]:
        """Return the failures from the outermost to the first, each as class, retry state and text."""
        try:
            await workflow.execute_child_workflow(
                Child.run,
                how,
                id=f"{workflow.info().workflow_id}-child",
                run_timeout=None if run_timeout is None else timedelta(seconds=run_timeout),
            )
        except ChildWorkflowError as failure:
            told = []
            link: BaseException | None = failure
            while link is not None:
                state = getattr(link, "retry_state", None) or getattr(link, "type", None)
                told.append([type(link).__name__, getattr(state, "name", state) or "", str(link)])
                link = link.__cause__
            return told
        return []
