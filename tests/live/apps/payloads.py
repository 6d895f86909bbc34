"""Workflows and activities that put as much as they are told into one place."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

WITHIN = timedelta(seconds=30)

AT_ONCE = {"argument": 1, "four arguments": 4, "five arguments": 5}
"""How many activities get so much, in one workflow task."""


@activity.defn
async def takes(text: str) -> int:
    """Take so much."""
    return len(text)


@activity.defn
async def returns(size: int) -> str:
    """Return so much."""
    return "x" * size


@activity.defn
async def beats(size: int) -> None:
    """Heartbeat so much, and wait until the server has heard of it."""
    activity.heartbeat("x" * size)
    await asyncio.sleep(WITHIN.total_seconds())


@workflow.defn
class Puts:
    """Puts so much in one place."""

    def __init__(self) -> None:
        self._held = ""

    @workflow.run
    async def run(self, where: str, size: int, attempts: int = 0, within: float = 30) -> Any:
        """Do it."""
        options: dict[str, Any] = {
            "start_to_close_timeout": timedelta(seconds=within),
            "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_attempts=attempts),
        }
        text = "x" * size
        if where in AT_ONCE:
            taking = (workflow.execute_activity(takes, text, **options) for _ in range(AT_ONCE[where]))
            return sum(await asyncio.gather(*taking))
        if where == "activity result":
            return len(await workflow.execute_activity(returns, size, **options))
        if where == "heartbeat":
            return await workflow.execute_activity(beats, size, heartbeat_timeout=WITHIN, **options)
        if where == "child":
            return await workflow.execute_child_workflow(Holds.run, text)
        if where == "continue as new":
            workflow.continue_as_new(args=[text, 0])
        return text


@workflow.defn
class Holds:
    """Holds so much in an attribute."""

    def __init__(self) -> None:
        self._held = ""
        self._told = False

    @workflow.run
    async def run(self, size: Any) -> int:
        """Hold it until told otherwise; a text is what it was given instead of a size."""
        self._held = size if isinstance(size, str) else "x" * size
        await workflow.wait_condition(lambda: self._told)
        return len(self._held)

    @workflow.signal
    def tell(self, _text: str = "") -> None:
        """Let it end."""
        self._told = True

    @workflow.query
    def held(self) -> str:
        """Return all of it."""
        return self._held


@workflow.defn
class Compresses:
    """Compresses in workflow code, as it is printed, or without the time of day."""

    @workflow.run
    async def run(self, mtime: int | None) -> list[int]:
        """Return the header that gzip wrote."""
        return list(gzip.compress(b"x" * 100, mtime=mtime)[:8])
