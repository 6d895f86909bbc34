"""A service that returns prices, with a rate limit; it records each call beyond the limit."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel, Field
from pyrate_limiter import InMemoryBucket, Rate, RateItem
from starlette.routing import BaseRoute

from harness.events import Event, LimitExceeded
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Wanted(BaseModel):
    """A request.

    Attributes:
        request: What the price is wanted of.
    """

    request: str = Field(min_length=1)


class Quotes(FakeService):
    """Returns prices within a rate limit: a moving window over the calls, in the application's time.

    Attributes:
        limit: How many calls a window may hold.
        per: How long the window is.
        takes: How long an answer takes, in real time.
    """

    limit: ClassVar[int] = 100
    per: ClassVar[timedelta] = timedelta(minutes=1)
    takes: ClassVar[timedelta] = timedelta(0)

    def __init__(
        self,
        emit: Callable[[Event], None] | None = None,
        *,
        control: Callable[[FakeService], list[BaseRoute]] = lambda _: [],
    ) -> None:
        super().__init__(emit, control=control)
        self._referee = InMemoryBucket([Rate(self.limit, _milliseconds(self.per))])
        self._latest = 0

    @classmethod
    def limited(cls, limit: int, per: timedelta, *, takes: timedelta = timedelta(0)) -> type[Quotes]:
        """Return the same service with another limit, under the same name."""
        return type(cls.__name__, (cls,), {"limit": limit, "per": per, "takes": takes})

    def clear(self) -> None:
        """Forget journal, effects, counts, and the calls in the window."""
        super().clear()
        self._referee.flush()

    @operation("POST /quotes")
    async def ask(self, call: Call, wanted: Wanted) -> Reply:
        """Tell a price, or answer 429 with Retry-After when the window is full."""
        # Two clocks are behind it, so it may step back by a few milliseconds; the window wants them in order.
        self._latest = max(self._latest, math.floor(self.now().timestamp() * 1000))
        if not self._referee.put(RateItem(call.id, self._latest)):
            limit = f"{self.limit} in {self.per.total_seconds():g} s"
            self.record(LimitExceeded(service=self.name(), operation=call.operation, call=call.id, limit=limit))
            wait = math.ceil(self.per.total_seconds())
            return Reply(status=429, headers={"Retry-After": str(wait)}, body={"error": f"limit: {limit}"})
        if self.takes:
            await asyncio.sleep(self.takes.total_seconds())
        return Reply(body={"quote": f"price of {wanted.request}"})


def _milliseconds(duration: timedelta) -> int:
    return round(duration / timedelta(milliseconds=1))
