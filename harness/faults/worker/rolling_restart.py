"""Every worker is replaced, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.faults.families import WorkerFault
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class RollingRestart(WorkerFault):
    """Each worker that lives is drained once its replacement polls, as a rolling update of a deployment does.

    The one at the point that triggers it comes first.
    """

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Go through them, in the background; leaving the context waits until the present one is replaced."""
        worker_pool = testbed.worker_pool()
        first = worker_pool.victim()
        order = sorted(worker_pool.running, key=lambda one: one != first)

        async def roll() -> None:
            for victim in order:
                if await worker_pool.start() is None:
                    return
                await worker_pool.drain(victim)
                testbed.stream.emit(FaultFired(fault=name, what=f"replaced {victim}"))

        rolling = asyncio.create_task(roll())
        try:
            yield
        finally:
            await rolling
