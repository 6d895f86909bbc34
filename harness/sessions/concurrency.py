"""Limits concurrent runs; heavy runs have a lower limit and are scheduled first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TOO_SLOW = 0.6
"""The share of time for which the event loop may wait for a CPU until there are too many runs. On two cores that the
runs themselves keep busy it is less."""

FAST_ENOUGH = 0.3
"""The share below which there may be more runs again."""


class ConcurrencyLimit:
    """Limits how many runs execute concurrently.

    Heavy runs mostly wait, for real time and for processes. They start first, so that other runs use the CPU meanwhile;
    in a common queue they would come last and leave the machine idle.

    Args:
        jobs: The maximum number of concurrent runs.
        heavy_jobs: The maximum number of concurrent heavy runs.
    """

    def __init__(self, jobs: int, *, heavy_jobs: int) -> None:
        self._most = self._jobs = jobs
        self._free = jobs
        self._free_heavy = min(jobs, heavy_jobs)
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}

    @asynccontextmanager
    async def turn(self, *, heavy: bool) -> AsyncIterator[None]:
        """Wait until a run may start; it counts as running inside the context."""
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[heavy].append(granted)
        self._grant()
        try:
            await granted
            yield
        finally:
            # A cancelled future was never granted; `_grant` skips it.
            if granted.done() and not granted.cancelled():
                self._free += 1
                self._free_heavy += heavy
            self._grant()

    @property
    def jobs(self) -> int:
        """How many runs may execute concurrently at present."""
        return self._jobs

    def keep_pace(self, lag: float) -> None:
        """Lower the limit on a machine that cannot keep up, by half each time, and raise it again one by one.

        Runs that have begun go on.

        Args:
            lag: For which share of the last moments the event loop was ready and had to wait for a CPU.
        """
        if lag >= TOO_SLOW:
            jobs = max(self._jobs // 2, self._most // 4, 1)
        else:
            jobs = min(self._jobs + (lag < FAST_ENOUGH), self._most)
        self._free += jobs - self._jobs
        self._jobs = jobs
        self._grant()

    def _grant(self) -> None:
        while self._free > 0:
            heavy = self._free_heavy > 0 and self._waits(heavy=True)
            if not heavy and not self._waits(heavy=False):
                return
            self._waiting[heavy].popleft().set_result(None)
            self._free -= 1
            self._free_heavy -= heavy

    def _waits(self, *, heavy: bool) -> bool:
        """Whether a run is still waiting; removes cancelled ones."""
        queue = self._waiting[heavy]
        while queue and queue[0].done():
            queue.popleft()
        return bool(queue)
