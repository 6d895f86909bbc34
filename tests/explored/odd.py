"""Workflows that cannot be explored as they are, each in its own way."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import count

from temporalio import activity, workflow

WITHIN = timedelta(seconds=10)
_runs = count()


@activity.defn
async def work() -> int:
    """Say how often it was asked."""
    return next(_runs)


@activity.defn
async def block() -> None:
    """Keep everything else from going on."""
    time.sleep(0.5)  # noqa: ASYNC251 - the mistake on trial


@workflow.defn
class NeverEnds:
    """Waits for nobody."""

    @workflow.run
    async def run(self) -> None:
        """Wait."""
        await workflow.wait_condition(lambda: False)


@workflow.defn
class Stuck:
    """Fails in its own code."""

    @workflow.run
    async def run(self) -> None:
        """Fail."""
        raise KeyError("no such thing")


@workflow.defn
class Varies:
    """Takes another way every other time."""

    @workflow.run
    async def run(self) -> None:
        """Work once or twice."""
        if await workflow.execute_activity(work, start_to_close_timeout=WITHIN) % 3 == 0:
            await workflow.execute_activity(work, start_to_close_timeout=WITHIN)


@workflow.defn
class Blocks:
    """Has an activity that blocks."""

    @workflow.run
    async def run(self) -> None:
        """Block."""
        await workflow.execute_activity(block, start_to_close_timeout=WITHIN)
