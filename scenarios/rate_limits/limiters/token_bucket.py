"""A bucket of permissions that fills up steadily: a few at once, then an even flow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class TokenBucket:
    """At most `limit` requests reach the service in any `per`.

    What the service counts in one window is what the bucket held when it began and all that flowed in meanwhile: both
    together must not exceed the limit. A bucket of the whole limit that is refilled at the whole limit allows nearly
    twice as much.

    Attributes:
        limit: How many requests the service takes.
        per: In how much time.
        burst: How many permissions it holds; so many are given at once.
        reach: How long after its permission a request may still arrive; whoever makes it sees to that.
        tokens: How many there are; None for a full bucket.
        since: At which moment there were so many.
    """

    limit: int
    per: timedelta
    burst: int
    reach: timedelta
    tokens: float | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.burst < self.limit:
            raise ValueError(f"a bucket for {self.limit} requests cannot give {self.burst} at once.")

    def wait(self, now: datetime) -> timedelta:
        """Return how long it is until the next permission, zero when there is one."""
        missing = 1 - self._level(now)
        # Rounded up: a wait that ends a microsecond early would be followed by another.
        return timedelta(microseconds=math.ceil(missing / self._per_second * 1e6)) if missing > 0 else timedelta(0)

    def take(self, now: datetime) -> None:
        """Take the permission that is there."""
        self.tokens, self.since = self._level(now) - 1, now

    def _level(self, now: datetime) -> float:
        if self.tokens is None or self.since is None:
            return self.burst
        return min(self.burst, self.tokens + max(now - self.since, timedelta(0)).total_seconds() * self._per_second)

    @property
    def _per_second(self) -> float:
        return (self.limit - self.burst) / (self.per + self.reach).total_seconds()
