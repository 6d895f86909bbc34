"""Other code takes over the task queue in the middle of a run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.application import Application
from harness.events import FaultFired
from harness.fault import WorkerFault
from harness.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Deploy(WorkerFault):
    """A worker with another version of the application is started on the same task queue, then the others are drained.

    Healing rolls it back: a worker with the scenario's own application takes over.

    Attributes:
        application: The other version.
    """

    application: Application

    @asynccontextmanager
    async def arm(self, stage: Stage, *, name: str) -> AsyncIterator[None]:
        """Deploy; roll back when the context is left."""
        crew = stage.crew()
        before = crew.running
        deployed = await crew.start(self.application)
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
