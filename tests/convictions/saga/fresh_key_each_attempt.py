"""Makes up a fresh idempotency key for each attempt: a retry after a lost answer books a second flight."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity

from scenarios.saga.activities import Step, trip_activities

TRIED_WITH = ["saga/flight_reply_lost_once", "saga/flight_reply_lost"]
CONVICTED_BY = "at_most_once"


@asynccontextmanager
async def activities(*, cars: str, hotels: str, flights: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with trip_activities(cars=cars, hotels=hotels, flights=flights) as sound:
        by_name = {one.__name__: one for one in sound}
        book = by_name.pop("book_flight")

        @activity.defn
        async def book_flight(step: Step) -> str:
            booked: str = await book(replace(step, key=f"{step.key}:{activity.info().attempt}"))
            return booked

        yield [*by_name.values(), book_flight]
