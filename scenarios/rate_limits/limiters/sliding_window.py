"""The moments of the latest permissions: another one is given when the oldest of them counts no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class SlidingWindow:
    """At most `limit` requests reach the service in any `per`.

    Attributes:
        limit: How many requests the service takes.
        per: In how much time.
        reach: How long after its permission a request may still arrive; whoever makes it sees to that.
        given: When the permissions were given that still count.
    """

    limit: int
    per: timedelta
    reach: timedelta
    given: list[datetime] = field(default_factory=list)

    def wait(self, now: datetime) -> timedelta:
        """Return how long it is until the next permission, zero when there is one."""
        span = self.per + self.reach
        # One that is exactly as old as the window counts no more. Were it kept, the wait would be zero and no
        # permission there: a loop without end, on a clock whose timers are exact.
        self.given = [one for one in self.given if now - one < span]
        return timedelta(0) if len(self.given) < self.limit else self.given[0] + span - now

    def take(self, now: datetime) -> None:
        """Take the permission that is there."""
        self.given.append(now)
