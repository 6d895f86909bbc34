"""Versions of the order application that workers run in tests: a second one, and several that are no good."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity

from scenarios.worker_loss.activities import Step, order_activities

Made = AsyncIterator[Sequence[Callable[..., Any]]]


@asynccontextmanager
async def sends_letters(*, payments: str, parcels: str) -> Made:
    """The second version: for another kind of parcel there is another key."""
    async with order_activities(payments=payments, parcels=parcels) as first:
        by_name = {one.__name__: one for one in first}

        @activity.defn
        async def ship(step: Step) -> str:
            letter = Step(order=step.order, key=f"{step.key}:letter", cents=0, answer_within=step.answer_within)
            booked: str = await by_name["ship"](letter)
            return booked

        yield [by_name["charge"], by_name["refund"], ship]


@asynccontextmanager
async def never_ready(*, payments: str, parcels: str) -> Made:
    """Waits for what never comes before it has anything to poll for."""
    await asyncio.Event().wait()
    yield []


@asynccontextmanager
async def deaf(*, payments: str, parcels: str) -> Made:
    """Ignores SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    async with order_activities(payments=payments, parcels=parcels) as sound:
        yield sound


@asynccontextmanager
async def takes_its_worker_along(*, payments: str, parcels: str) -> Made:
    """Ends the whole process in an activity."""
    async with order_activities(payments=payments, parcels=parcels) as sound:

        @activity.defn
        async def ship(step: Step) -> str:
            os._exit(3)

        yield [*(one for one in sound if one.__name__ != "ship"), ship]
