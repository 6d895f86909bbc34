"""A worker process is asked to stop, as at every deploy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.faults.families import WorkerFault
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class Drain(WorkerFault):
    """SIGTERM: it polls no more, lets attempts run on for its grace, cancels what is left, and ends.

    One that has not ended 2 s after its grace is killed.

    Attributes:
        replaced: Whether another worker is started at once. If not, healing starts it.
    """

    replaced: bool = True

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Ask it to stop, and do not wait: at a point, it cannot go on before this has returned."""
        worker_pool = testbed.worker_pool()
        victim = worker_pool.victim()
        if victim is None:
            yield
            return
        gone = worker_pool.drain(victim)
        testbed.stream.emit(FaultFired(fault=name, what=f"drained {victim}"))
        # At a point the worker waits for us, and its attempt must not run out of time for another's start.
        coming = worker_pool.start_soon() if self.replaced else None
        yield
        await gone
        await (coming or worker_pool.start_soon())
