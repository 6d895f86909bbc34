"""What guides print for dead letters, in the smallest workflows that block on it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

A_MOMENT = timedelta(milliseconds=1)
"""A first task that succeeds, so that there is a history to replay."""

TWO_SECONDS: Any = timedelta(seconds=2)
"""Of any type, since a type checker would refuse it."""


@workflow.defn
class SleepsATimedelta:
    """Gives asyncio what it does not take."""

    @workflow.run
    async def run(self) -> None:
        """Sleep between two tries."""
        await workflow.sleep(A_MOMENT)
        await asyncio.sleep(TWO_SECONDS)


@workflow.defn
class WaitsATimedelta:
    """Gives asyncio what it does not take, in another place."""

    @workflow.run
    async def run(self) -> None:
        """Wait for something that never comes."""
        await workflow.sleep(A_MOMENT)
        never: asyncio.Future[None] = asyncio.Future()
        await asyncio.wait_for(never, timeout=TWO_SECONDS)


@workflow.defn
class NamesItsDetails:
    """Gives a failure its details by a keyword that it does not have."""

    @workflow.run
    async def run(self) -> None:
        """Give up an item, and go on."""
        await workflow.sleep(A_MOMENT)
        failure: Any = ApplicationError
        try:
            raise failure("too many retries", type="MaxRetriesExceeded", details={"item": 1})
        except ApplicationError:
            return
