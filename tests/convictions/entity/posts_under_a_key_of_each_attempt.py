"""Puts the attempt into the key: a posting whose answer was lost is made twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from temporalio import activity

from scenarios.entity.activities import AccountActivities, Order

TRIED_WITH = ["entity/service_away"]
CONVICTED_BY = "state_carried"


class PostsUnderAKeyOfEachAttempt(AccountActivities):
    """Cannot tell a repetition from a new posting."""

    def _key(self, order: Order) -> str:
        return f"{super()._key(order)}:{activity.info().attempt}"


@asynccontextmanager
async def activities(*, accounts: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activity for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=accounts, verify=False) as client:
        yield [PostsUnderAKeyOfEachAttempt(client).post]
