"""Knows that it is limited and forgets for how long: it is back after a second."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.classification.activities import Charge, order_activities

TRIED_WITH = ["classification/rate_limited"]
CONVICTED_BY = "retry_schedule"


@asynccontextmanager
async def activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with order_activities(payments=payments, notifications=notifications) as sound:
        by_name = {one.__name__: one for one in sound}
        charging = by_name.pop("charge")

        @activity.defn
        async def charge(wanted: Charge) -> str:
            try:
                return str(await charging(wanted))
            except ApplicationError as error:
                raise ApplicationError(error.message, type=error.type) from error

        yield [*by_name.values(), charge]
