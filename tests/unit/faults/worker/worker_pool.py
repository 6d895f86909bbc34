"""A worker_pool of workers that are no processes: it remembers what was done to whom, in order."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from harness import Testbed
from harness.workers.pool import Workers
from tests.unit.fake_testbed import set_stage


class RecordingCrew:
    """Stands in for worker processes.

    Args:
        count: How many live at the start.
    """

    def __init__(self, count: int) -> None:
        self.running: tuple[str, ...] = ()
        self.story: list[str] = []
        self.let_go = asyncio.Event()
        self.let_go.set()
        self._started = 0
        for _ in range(count):
            self._up()

    def _up(self) -> str:
        self._started += 1
        name = f"w{self._started}"
        self.running += (name,)
        return name

    def victim(self) -> str | None:
        """The oldest; None when all are gone."""
        return self.running[0] if self.running else None

    async def start(self, application: Any = None) -> str:
        """Have one more."""
        name = self._up()
        self.story.append(f"start {name}" + (" of another application" if application else ""))
        return name

    def start_soon(self) -> asyncio.Task[str]:
        """Have one more before long."""
        return asyncio.create_task(self.start())

    async def kill(self, name: str) -> None:
        """Have one less."""
        self.running = tuple(one for one in self.running if one != name)
        self.story.append(f"kill {name}")

    def pause(self, name: str) -> None:
        """Remember it."""
        self.story.append(f"pause {name}")

    def resume(self, name: str) -> None:
        """Remember it."""
        self.story.append(f"resume {name}")

    def drain(self, name: str) -> asyncio.Task[None]:
        """Have one less, once it may go."""
        self.story.append(f"drain {name}")

        async def go() -> None:
            await self.let_go.wait()
            self.running = tuple(one for one in self.running if one != name)
            self.story.append(f"gone {name}")

        return asyncio.create_task(go())


def crewed(count: int = 1) -> tuple[Testbed, RecordingCrew]:
    """A testbed with worker processes that are none."""
    testbed, worker_pool = set_stage(), RecordingCrew(count)
    testbed.workers = cast("Workers", worker_pool)
    return testbed, worker_pool
