"""The service accepts so many calls in so much time, and refuses the others with 429 and the time to wait."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from harness.events import FaultFired
from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class RateLimit(ServiceFault):
    """A moving window over the calls; what exceeds it gets 429 with Retry-After in whole seconds, and nothing is done.

    Attributes:
        limit: In the words of the library `limits`: "2/second", "100/minute", "10 per 5 second".
        taken: How much of the window other callers had used up just before the first call came.
    """

    limit: str
    taken: int = 0

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        try:
            parse(self.limit)
        except ValueError:
            yield f"limit must look like '2/second' or '10 per 5 second', got {self.limit!r}."
        if self.taken < 0:
            yield f"taken must not be negative, got {self.taken}."

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Count from zero, and referee."""
        limit = parse(self.limit)
        referee = MovingWindowRateLimiter(MemoryStorage())
        others = self.taken

        async def judged(call: Call, proceed: Proceed) -> Reply | Silence:
            nonlocal others
            for _ in range(others):
                await referee.hit(limit, name)
            others = 0
            if await referee.hit(limit, name):
                return await proceed()
            window = await referee.get_window_stats(limit, name)
            wait = max(1, math.ceil(window.reset_time - time.time()))
            testbed.stream.emit(FaultFired(fault=name, call=call.id, what=f"answered 429, retry after {wait} s"))
            return Reply(status=429, headers={"Retry-After": str(wait)}, body={"error": f"limit {self.limit}"})

        with testbed.fake(self.on).disturbed(self.on, judged):
            yield
