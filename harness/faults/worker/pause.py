"""A worker process does nothing for a while, and goes on later as if nothing had happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.faults.families import WorkerFault
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class Pause(WorkerFault):
    """SIGSTOP, and SIGCONT when it is healed: like a pod that is throttled, swapped out or suspended with its node.

    Attributes:
        others: How many other workers are started meanwhile, to take over.
    """

    others: int = 0

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Stop it; let it go on when the context is left."""
        worker_pool = testbed.worker_pool()
        victim = worker_pool.victim()
        if victim is None:
            yield
            return
        worker_pool.pause(victim)
        testbed.stream.emit(FaultFired(fault=name, what=f"paused {victim}"))
        try:
            for _ in range(self.others):
                await worker_pool.start()
            yield
        finally:
            worker_pool.resume(victim)
