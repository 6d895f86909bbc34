"""Parents with several children, most of them as guides print them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, ChildWorkflowError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy


@workflow.defn
class Leaf:
    """Ends as it is told."""

    def __init__(self) -> None:
        self._may_end = False

    @workflow.run
    async def run(self, how: str) -> int:
        """Return the number of this attempt, or wait, or fail: in a way that counts, in one that does not, twice."""
        attempt = workflow.info().attempt
        if how == "wait":
            await workflow.wait_condition(lambda: self._may_end)
        if how == "bug":
            raise ValueError(how)
        if how == "fail" or (how == "fail twice" and attempt < 3):
            raise ApplicationError(f"attempt {attempt}", type="Biz")
        return attempt

    @workflow.signal
    def end(self) -> None:
        """It may end."""
        self._may_end = True


def name(number: object) -> str:
    """What a parent calls its child."""
    return f"{workflow.info().workflow_id}-{number}"


@workflow.defn
class HasOne:
    """Awaits one child of any type."""

    @workflow.run
    async def run(self, kind: str, given: list[Any], attempts: int | None) -> list[Any]:
        """Return the child's result, or how it failed."""
        policy = None
        if attempts is not None:
            policy = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=attempts)
        try:
            return [await workflow.execute_child_workflow(kind, args=given, id=name("child"), retry_policy=policy)]
        except ChildWorkflowError as failure:
            return [failure.retry_state.name if failure.retry_state else "", str(failure.cause)]


@workflow.defn
class FansOut:
    """All at once, or each after the one before."""

    @workflow.run
    async def run(self, hows: list[str], order: str) -> int:
        """Return how many there were."""
        if order == "in turn":
            for number, how in enumerate(hows):
                await workflow.execute_child_workflow(Leaf.run, how, id=name(number))
        else:
            await asyncio.gather(
                *(workflow.execute_child_workflow(Leaf.run, how, id=name(number)) for number, how in enumerate(hows))
            )
        return len(hows)


@workflow.defn
class Throttles:
    """So many at once, by a semaphore, and the first failure is that of all."""

    @workflow.run
    async def run(self, hows: list[str], at_once: int) -> None:
        """Await them."""
        places = asyncio.Semaphore(at_once)

        async def one(number: int, how: str) -> None:
            async with places:
                await workflow.execute_child_workflow(Leaf.run, how, id=name(number))

        await asyncio.gather(*(one(number, how) for number, how in enumerate(hows)))


@workflow.defn
class RollsItsWindow:
    """Batch after batch, with a pause after each, and calls it a window."""

    @workflow.run
    async def run(self, items: int, size: int) -> None:
        """Await them."""
        for first in range(0, items, size):
            batch = range(first, min(first + size, items))
            await asyncio.gather(*(workflow.execute_child_workflow(Leaf.run, "", id=name(number)) for number in batch))
            await workflow.sleep(0.01)


@workflow.defn
class Hurries:
    """Begins to start two children, and ends."""

    @workflow.run
    async def run(self, policy: ParentClosePolicy, how: str) -> None:
        """End in this way."""
        if how == "renewed":
            return
        started = [
            asyncio.create_task(
                workflow.start_child_workflow(Leaf.run, "wait", id=name(number), parent_close_policy=policy)
            )
            for number in range(2)
        ]
        # It may well give them a chance to begin.
        await asyncio.sleep(0)
        if how == "renew":
            workflow.continue_as_new(args=[policy, "renewed"])
        assert not any(one.done() for one in started)


@workflow.defn
class Names:
    """Starts children under ids that others may have."""

    @workflow.run
    async def run(self, ids: list[str], how: str) -> list[str]:
        """Return the types of what became of them."""
        ended = await asyncio.gather(
            *(workflow.execute_child_workflow(Leaf.run, how, id=one) for one in ids), return_exceptions=True
        )
        assert all(not isinstance(one, Exception) or isinstance(one, WorkflowAlreadyStartedError) for one in ended)
        return [type(one).__name__ for one in ended]
