"""A worker process stops in its tracks, and goes on later as if nothing had happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import FaultFired
from harness.fault import WorkerFault
from harness.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Pause(WorkerFault):
    """SIGSTOP, and SIGCONT when it is healed: the pod that was throttled, swapped out or suspended with its node.

    Attributes:
        others: How many other workers are started meanwhile, to take over.
    """

    others: int = 0

    @asynccontextmanager
    async def arm(self, stage: Stage, *, name: str) -> AsyncIterator[None]:
        """Stop it; let it go on when the context is left."""
        crew = stage.crew()
        victim = crew.victim()
        if victim is None:
            yield
            return
        crew.pause(victim)
        stage.stream.emit(FaultFired(fault=name, what=f"paused {victim}"))
        try:
            for _ in range(self.others):
                await crew.start()
            yield
        finally:
            crew.resume(victim)
