"""A worker process is gone from one moment to the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import FaultFired
from harness.fault import WorkerFault
from harness.testbed.testbed import Testbed
from harness.workers.pool import Workers


@dataclass(frozen=True, kw_only=True)
class Kill(WorkerFault):
    """SIGKILL: no goodbye to the server, nothing cleaned up, whatever it held in memory lost.

    Attributes:
        replaced: Whether another worker is started, as an orchestrator would. If not, healing starts it.
        gone_for: How long its place stays empty before that.
    """

    replaced: bool = True
    gone_for: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """The place cannot stay empty for less than no time, nor for a time when nobody fills it."""
        if self.gone_for < timedelta(0):
            yield f"nobody is gone for {self.gone_for}."
        if self.gone_for and not self.replaced:
            yield "gone_for is about the replacement, and there is to be none."

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
