"""Takes units from a stock whose books are kept in Redis, safely to be repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from temporalio import activity

# Checked and changed in one step on the server, so that no failure can come between the two.
_TAKE = """
if redis.call('SET', KEYS[2], 'taken', 'NX', 'EX', ARGV[2]) then
    redis.call('INCRBY', KEYS[1], ARGV[1])
end
return redis.call('GET', KEYS[1])
"""

# Far longer than any retry policy: a key forgotten too early makes a late attempt count twice.
_REMEMBER_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Take:
    """How much of what to take.

    Attributes:
        item: What is kept.
        units: How many to take.
        key: Idempotency key, the same for every attempt.
    """

    item: str
    units: int
    key: str


class StockActivities:
    """The activities of the stock workflow, over one Redis client."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @activity.defn
    async def take(self, wanted: Take) -> int:
        """Take units once, however often it is asked under the same key; returns how many were ever taken."""
        keys = [f"out:{wanted.item}", f"taken:{wanted.key}"]
        return int(await self._redis.eval(_TAKE, len(keys), *keys, wanted.units, _REMEMBER_SECONDS))


@asynccontextmanager
async def stock_activities(*, redis: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for a Redis at this URL; leaving the context closes its connections.

    The client's own retries are off: two layers of retries multiply, and Temporal's are the ones that are visible.
    """
    async with Redis.from_url(redis, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        # Connected before the first order comes; a Redis that is away is left to the attempts.
        with suppress(RedisError):
            await client.ping()
        yield [StockActivities(client).take]
