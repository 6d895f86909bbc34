"""Passes details by keyword, as guides print it: a TypeError takes the place of the refusal, and is tried again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.classification.activities import Charge, order_activities

TRIED_WITH = ["classification/declined", "classification/invalid"]
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
                if not error.details:
                    raise
                raise ApplicationError(  # type: ignore[call-arg]
                    error.message, details=[error.details[0]], type=error.type, non_retryable=True
                ) from error

        yield [*by_name.values(), charge]
