"""Remembers in its process, and not in the workflow, what was charged: a new worker has nothing to give back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity

from scenarios.worker_loss.activities import Step, order_activities

TRIED_WITH = ["worker_loss/killed_before_refund"]
CONVICTED_BY = "no_orphans"


@asynccontextmanager
async def activities(*, payments: str, parcels: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    charged: set[str] = set()
    async with order_activities(payments=payments, parcels=parcels) as sound:
        by_name = {one.__name__: one for one in sound}

        @activity.defn
        async def charge(step: Step) -> str:
            charged.add(step.key)
            receipt: str = await by_name["charge"](step)
            return receipt

        @activity.defn
        async def refund(step: Step) -> None:
            if step.key in charged:
                await by_name["refund"](step)

        yield [charge, refund, by_name["ship"]]
