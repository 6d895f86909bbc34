"""The Temporal server does nothing for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import FaultFired
from harness.faults.families import ServerFault
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class PauseServer(ServerFault):
    """SIGSTOP, and SIGCONT later: connections stay open, and nothing answers on them.

    Attributes:
        pause: How long.
    """

    pause: timedelta

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.pause <= timedelta(0):
            yield f"pause must be positive, got {self.pause}."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Stop it, and let it go on after the pause, or when the context is left before."""
        server = testbed.breakable()
        server.pause()
        testbed.stream.emit(FaultFired(fault=name, what="paused the Temporal server"))

        async def go_on() -> None:
            await asyncio.sleep(self.pause.total_seconds())
            server.resume()

        going = asyncio.create_task(go_on())
        try:
            yield
        finally:
            going.cancel()
            await asyncio.wait([going])
            if going.cancelled():
                # Not in the task, which may be cancelled before it has begun.
                server.resume()
