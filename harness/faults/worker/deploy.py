"""Other code takes over the task queue in the middle of a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.application import Application
from harness.events import FaultFired
from harness.fault import WorkerFault
from harness.own_worker import OwnWorker
from harness.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Deploy(WorkerFault):
    """A worker with another version of the application is started on the same task queue, then the others are drained.

    Healing rolls it back: a worker with the scenario's own version takes over.

    Attributes:
        application: The other version, as the harness builds a worker of it.
        own: The other version, as a worker of the user's own. One of the two is given.
    """

    application: Application | None = None
    own: OwnWorker | None = None

    def problems(self) -> Iterator[str]:
        """There is one other version."""
        if (self.application is None) == (self.own is None):
            yield "it deploys one other version: an `application`, or a worker of your `own`."

    @asynccontextmanager
    async def arm(self, stage: Stage, *, name: str) -> AsyncIterator[None]:
        """Deploy; roll back when the context is left."""
        crew = stage.crew()
        before = crew.running
        deployed = await crew.start(self.application or self.own)
        if deployed is None:
            yield
            return
        for one in before:
            crew.drain(one)
        stage.stream.emit(FaultFired(fault=name, what=f"deployed {deployed} in place of {', '.join(before)}"))
        yield
        await crew.start()
        if deployed in crew.running:
            await crew.drain(deployed)
