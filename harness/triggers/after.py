"""In force from a time after the start on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.errors import UsageError
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch


@dataclass(frozen=True, kw_only=True)
class After:
    """In force once a delay has passed since the worker was ready.

    For a moment of the run use `FromCall` or `OnEvent`: they cannot come too early on a slow machine.

    Raises:
        UsageError: The delay is negative.
    """

    delay: timedelta

    def __post_init__(self) -> None:
        if self.delay < timedelta(0):
            raise UsageError(f"After: delay must not be negative, got {self.delay}.")

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm when the delay is over."""

        async def wait() -> None:
            await asyncio.sleep(self.delay.total_seconds())
            await switch.arm()

        waiting = asyncio.create_task(wait())
        try:
            yield
        finally:
            waiting.cancel()
            await asyncio.wait([waiting])
            if not waiting.cancelled():
                waiting.result()
