"""Lets every error answer leave as it comes: what can never work is tried five times, and no kind is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.classification.activities import Charge, order_activities

TRIED_WITH = ["classification/unauthorised", "classification/declined"]
CONVICTED_BY = "amplification"


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
                raise RuntimeError(error.message) from None

        yield [*by_name.values(), charge]
