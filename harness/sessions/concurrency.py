"""Whose turn it is to run: so many at once, and of those that are heavy fewer, but before all others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConcurrencyLimit:
    """Lets so many go on at once.

    What is heavy mostly waits, for real time and for processes. It is let in as soon as it may be, so that the others
    fill its pauses; with a queue for all, the heavy ones come last and leave the machine idle.

    Args:
        jobs: How many at once.
        heavy_jobs: How many of them may be heavy.
    """

    def __init__(self, jobs: int, *, heavy_jobs: int) -> None:
        self._free = jobs
        self._free_heavy = min(jobs, heavy_jobs)
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}

    @asynccontextmanager
    async def turn(self, *, heavy: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it inside the context."""
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[heavy].append(granted)
        self._grant()
        try:
            await granted
            yield
        finally:
            # A future that was cancelled was never granted; `_grant` passes it over.
            if granted.done() and not granted.cancelled():
                self._free += 1
                self._free_heavy += heavy
            self._grant()

    def _grant(self) -> None:
        while self._free:
            heavy = self._free_heavy > 0 and self._someone(heavy=True)
            if not heavy and not self._someone(heavy=False):
                return
            self._waiting[heavy].popleft().set_result(None)
            self._free -= 1
            self._free_heavy -= heavy

    def _someone(self, *, heavy: bool) -> bool:
        """Whether anybody still waits, leaving out those who have gone."""
        queue = self._waiting[heavy]
        while queue and queue[0].done():
            queue.popleft()
        return bool(queue)
