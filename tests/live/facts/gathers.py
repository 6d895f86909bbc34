"""Workflows with several activities at once, most of them as guides print them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

WITHIN = timedelta(seconds=30)
ONCE = RetryPolicy(maximum_attempts=1)

EFFECTS: list[str] = []
"""What the slow ones did."""

RELEASED: dict[str, asyncio.Event] = {}
"""Lets the slow one of a workflow go on."""


@activity.defn
async def quick(number: int) -> int:
    """Return at once."""
    return number


@activity.defn
async def fails() -> None:
    """Say why."""
    raise ApplicationError("no seats", type="Biz", non_retryable=True)


@activity.defn
async def slow() -> None:
    """Have an effect when let go on."""
    name = str(activity.info().workflow_id)
    await RELEASED.setdefault(name, asyncio.Event()).wait()
    EFFECTS.append(name)


@activity.defn
async def passes_on(values: list[int]) -> list[int]:
    """Return what it is given."""
    return values


@activity.defn
async def makes(size: int) -> list[int]:
    """Return so many."""
    return [1] * size


@activity.defn
async def adds_up(several: list[list[int]]) -> int:
    """Return how many there are."""
    return sum(map(len, several))


@workflow.defn
class AsksThree:
    """Asks for three things, in one of several ways."""

    @workflow.run
    async def run(self, how: str) -> None:
        """Await all of them."""
        if how == "in turn":
            for number in range(3):
                await workflow.execute_activity(quick, number, start_to_close_timeout=WITHIN)
            return
        if how == "started":
            handles = [workflow.start_activity(quick, number, start_to_close_timeout=WITHIN) for number in range(3)]
            for handle in handles:
                await handle
            return
        called = [workflow.execute_activity(quick, number, start_to_close_timeout=WITHIN) for number in range(3)]
        if how == "gathered":
            await asyncio.gather(*called)
            return
        for one in called:
            await one


@workflow.defn
class GathersPlainly:
    """One fails while another is under way."""

    @workflow.run
    async def run(self) -> None:
        """Await both."""
        await asyncio.gather(
            workflow.execute_activity(slow, start_to_close_timeout=WITHIN),
            workflow.execute_activity(fails, start_to_close_timeout=WITHIN, retry_policy=ONCE),
        )


@workflow.defn
class FailsByKeyword:
    """Fails as it is printed."""

    @workflow.run
    async def run(self) -> str:
        """Return the text that is kept of an item that failed, or fail with details."""
        try:
            await workflow.execute_activity(fails, start_to_close_timeout=WITHIN, retry_policy=ONCE)
        except ActivityError as failure:
            made: Any = ApplicationError
            raise made("Batch processing failed", details={"failed_items": [str(failure)]}) from failure
        return ""


@workflow.defn
class KeepsTheText:
    """Keeps what a failure says."""

    @workflow.run
    async def run(self) -> list[str]:
        """Return it, and what its cause says."""
        [failure] = await asyncio.gather(
            workflow.execute_activity(fails, start_to_close_timeout=WITHIN), return_exceptions=True
        )
        assert isinstance(failure, ActivityError)
        return [str(failure), str(failure.cause)]


@workflow.defn
class CountsItsShare:
    """Divides as it is printed."""

    @workflow.run
    async def run(self, items: list[int]) -> float:
        """Return the share of those that did not fail."""
        done = await asyncio.gather(
            *(workflow.execute_activity(quick, one, start_to_close_timeout=WITHIN) for one in items)
        )
        return len(done) / len(items)


@workflow.defn
class WorksInGroups:
    """Groups of batches, one after the other."""

    @workflow.run
    async def run(self, batches: int, at_once: int) -> None:
        """Await them."""
        for first in range(0, batches, at_once):
            group = range(first, min(first + at_once, batches))
            await asyncio.gather(
                *(workflow.execute_activity(quick, number, start_to_close_timeout=WITHIN) for number in group)
            )


@workflow.defn
class CarriesItsData:
    """Maps chunks of the dataset that it was given, and reduces what comes of them."""

    @workflow.run
    async def run(self, dataset: list[int], chunk: int) -> int:
        """Return how many there were."""
        chunks = [dataset[first : first + chunk] for first in range(0, len(dataset), chunk)]
        mapped = await asyncio.gather(
            *(workflow.execute_activity(passes_on, one, start_to_close_timeout=WITHIN) for one in chunks)
        )
        return await workflow.execute_activity(adds_up, list(mapped), start_to_close_timeout=WITHIN)


@workflow.defn
class MakesMuch:
    """Maps little to much, and reduces it."""

    @workflow.run
    async def run(self, chunks: int, size: int) -> int:
        """Return how many there were."""
        mapped = await asyncio.gather(
            *(workflow.execute_activity(makes, size, start_to_close_timeout=WITHIN) for _ in range(chunks))
        )
        return await workflow.execute_activity(adds_up, list(mapped), start_to_close_timeout=WITHIN)
