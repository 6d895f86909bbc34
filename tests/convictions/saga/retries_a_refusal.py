"""Asks again when it was refused: a service that said no is asked as often as one that said nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from scenarios.saga.activities import Step, trip_activities

TRIED_WITH = ["saga/flight_declined"]
CONVICTED_BY = "attempts"


@asynccontextmanager
async def activities(*, cars: str, hotels: str, flights: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs."""
    async with trip_activities(cars=cars, hotels=hotels, flights=flights) as sound:
        by_name = {one.__name__: one for one in sound}
        book = by_name.pop("book_flight")

        @activity.defn
        async def book_flight(step: Step) -> str:
            try:
                booked: str = await book(step)
            except ApplicationError as refused:
                raise ApplicationError(refused.message, type=refused.type) from None
            return booked

        yield [*by_name.values(), book_flight]
