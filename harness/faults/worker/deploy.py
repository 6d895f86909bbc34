"""A worker with other code takes over the task queue in the middle of a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.faults.families import WorkerFault
from harness.testbed.testbed import Testbed
from harness.workers.application import Application
from harness.workers.custom import CustomWorker


@dataclass(frozen=True, kw_only=True)
class Deploy(WorkerFault):
    """A worker with another version of the application is started on the same task queue, then the others are drained.

    Healing rolls it back: a worker with the scenario's own version takes over.

    Attributes:
        application: The other version, as the harness builds a worker of it.
        own: The other version, as a worker of the user's own. One of the two is given.
    """

    application: Application | None = None
    own: CustomWorker | None = None

    def problems(self) -> Iterator[str]:
        """There is one other version."""
        if (self.application is None) == (self.own is None):
            yield "give either an `application` or a worker of your `own`."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Deploy; roll back when the context is left."""
        worker_pool = testbed.worker_pool()
        before = worker_pool.running
        deployed = await worker_pool.start(self.application or self.own)
        if deployed is None:
            yield
            return
        for one in before:
            worker_pool.drain(one)
        testbed.stream.emit(FaultFired(fault=name, what=f"deployed {deployed} in place of {', '.join(before)}"))
        yield
        await worker_pool.start()
        if deployed in worker_pool.running:
            await worker_pool.drain(deployed)
