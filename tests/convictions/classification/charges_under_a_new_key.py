"""Makes a key for each attempt: every lost answer is a charge more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity

from scenarios.classification.activities import Charge, order_activities

TRIED_WITH = ["classification/answers_reset"]
CONVICTED_BY = "at_most_once"


@asynccontextmanager
async def activities(*, payments: str, notifications: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with order_activities(payments=payments, notifications=notifications) as sound:
        by_name = {one.__name__: one for one in sound}
        charging = by_name.pop("charge")

        @activity.defn
        async def charge(wanted: Charge) -> str:
            return str(await charging(replace(wanted, key=f"{wanted.key}:{activity.info().attempt}")))

        yield [*by_name.values(), charge]
