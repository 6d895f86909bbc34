"""A worker process is gone from one moment to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.fault import WorkerFault
from harness.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Kill(WorkerFault):
    """SIGKILL: no goodbye to the server, nothing cleaned up, whatever it held in memory lost.

    Attributes:
        replaced: Whether another worker is started at once, as an orchestrator would. If not, healing starts it.
    """

    replaced: bool = True

    @asynccontextmanager
    async def arm(self, stage: Stage, *, name: str) -> AsyncIterator[None]:
        """Kill it."""
        crew = stage.crew()
        victim = crew.at_point()
        await crew.kill(victim)
        stage.stream.emit(FaultFired(fault=name, what=f"killed {victim}"))
        if self.replaced:
            await crew.start()
            yield
            return
        yield
        await crew.start()
