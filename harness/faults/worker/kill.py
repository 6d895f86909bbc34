"""A worker process is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import FaultFired
from harness.faults.families import WorkerFault
from harness.testbed.testbed import Testbed
from harness.workers.pool import Workers


@dataclass(frozen=True, kw_only=True)
class Kill(WorkerFault):
    """SIGKILL: nothing is sent to the server or cleaned up, and what it held in memory is lost.

    Attributes:
        replaced: Whether another worker is started, as an orchestrator would. If not, healing starts it.
        gone_for: How long no other worker takes its place before that.
    """

    replaced: bool = True
    gone_for: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.gone_for < timedelta(0):
            yield f"gone_for must not be negative, got {self.gone_for}."
        if self.gone_for and not self.replaced:
            yield "gone_for cannot be set with replaced=False: it says when the replacement starts."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Kill it."""
        worker_pool = testbed.worker_pool()
        victim = worker_pool.victim()
        if victim is None:
            yield
            return
        await worker_pool.kill(victim)
        testbed.stream.emit(FaultFired(fault=name, what=f"killed {victim}"))
        if self.replaced and not self.gone_for:
            await worker_pool.start()
        coming = asyncio.create_task(self._come_back(worker_pool)) if self.gone_for else None
        yield
        if coming is not None:
            await coming
        if not self.replaced:
            await worker_pool.start()

    async def _come_back(self, worker_pool: Workers) -> None:
        await asyncio.sleep(self.gone_for.total_seconds())
        await worker_pool.start_soon()
