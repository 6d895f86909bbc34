"""The Temporal server is killed, and comes back with its data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.errors import EnvironmentUnavailable
from harness.events import FaultFired, RunBroken
from harness.faults.families import ServerFault
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class CrashServer(ServerFault):
    """SIGKILL, then a start on the same port with the data that were on disk.

    Attributes:
        down_for: How long it is down before it is started again.
        unready_for: How long it then listens without answering, as a server does that has much to load: it accepts
            connections and sends nothing on them.
    """

    down_for: timedelta = timedelta(0)
    unready_for: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.down_for < timedelta(0):
            yield f"down_for must not be negative, got {self.down_for}."
        if self.unready_for < timedelta(0):
            yield f"unready_for must not be negative, got {self.unready_for}."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Kill it and start it again, in the background; leaving the context waits until it answers."""
        server = testbed.breakable()
        await server.kill()
        testbed.stream.emit(FaultFired(fault=name, what="killed the Temporal server"))

        async def come_back() -> None:
            await asyncio.sleep(self.down_for.total_seconds())
            try:
                await server.restart(unready_for=self.unready_for)
            except EnvironmentUnavailable as error:
                # At once: nobody waits for it before the fault is healed, at the deadline.
                testbed.stream.emit(RunBroken(what=str(error)))

        coming = asyncio.create_task(come_back())
        try:
            yield
        finally:
            await coming
