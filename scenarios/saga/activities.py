"""Books and cancels the parts of a trip over HTTP, safely to be repeated.

Every request carries the step's idempotency key, so that a retry after a lost answer books nothing twice, and is
bounded below the activity's start_to_close, so that no attempt goes on behind the workflow's back.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Step:
    """One part of a trip to book or to cancel.

    Attributes:
        key: Idempotency key, the same for booking and cancelling, and for every attempt.
        trip: Which trip it is for.
        item: Which car, room or seat.
        answer_within: How long the service may take to answer.
    """

    key: str
    trip: str
    item: str
    answer_within: timedelta


class TripActivities:
    """The activities of the trip workflow, over one HTTP client for each service."""

    def __init__(self, *, cars: httpx2.AsyncClient, hotels: httpx2.AsyncClient, flights: httpx2.AsyncClient) -> None:
        self._cars = cars
        self._hotels = hotels
        self._flights = flights

    @activity.defn
    async def book_car(self, step: Step) -> str:
        """Book the car; returns the booking id."""
        return await _book(self._cars, step)

    @activity.defn
    async def cancel_car(self, step: Step) -> None:
        """Cancel the car, whether or not it was ever booked."""
        await _cancel(self._cars, step)

    @activity.defn
    async def book_hotel(self, step: Step) -> str:
        """Book the hotel; returns the booking id."""
        return await _book(self._hotels, step)

    @activity.defn
    async def cancel_hotel(self, step: Step) -> None:
        """Cancel the hotel, whether or not it was ever booked."""
        await _cancel(self._hotels, step)

    @activity.defn
    async def book_flight(self, step: Step) -> str:
        """Book the flight; returns the booking id."""
        return await _book(self._flights, step)

    @activity.defn
    async def cancel_flight(self, step: Step) -> None:
        """Cancel the flight, whether or not it was ever booked."""
        await _cancel(self._flights, step)


@asynccontextmanager
async def trip_activities(*, cars: str, hotels: str, flights: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for services at these base URLs; leaving the context closes their connections."""
    # One for all: making it reads the machine's certificates, which takes longer than booking a trip.
    trusted = _trusted()
    async with (
        httpx2.AsyncClient(base_url=cars, verify=trusted) as to_cars,
        httpx2.AsyncClient(base_url=hotels, verify=trusted) as to_hotels,
        httpx2.AsyncClient(base_url=flights, verify=trusted) as to_flights,
    ):
        made = TripActivities(cars=to_cars, hotels=to_hotels, flights=to_flights)
        yield [
            made.book_car,
            made.cancel_car,
            made.book_hotel,
            made.cancel_hotel,
            made.book_flight,
            made.cancel_flight,
        ]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


async def _book(service: httpx2.AsyncClient, step: Step) -> str:
    answer = await service.post(
        "/bookings",
        json={"trip": step.trip, "item": step.item},
        headers={"Idempotency-Key": step.key},
        timeout=step.answer_within.total_seconds(),
    )
    _refuse_error(answer)
    try:
        return str(answer.json()["booking"])
    except (ValueError, KeyError, TypeError) as error:
        # It may have been booked. Asking again under the same key gets the same booking.
        raise ApplicationError(f"the answer cannot be read: {answer.text!r}", type="UnreadableAnswer") from error


async def _cancel(service: httpx2.AsyncClient, step: Step) -> None:
    _refuse_error(await service.delete(f"/bookings/{step.key}", timeout=step.answer_within.total_seconds()))


def _refuse_error(answer: httpx2.Response) -> None:
    """Turn an HTTP error into a failure that says whether to try again, and when."""
    if answer.status_code < 400:
        return
    text = f"{answer.request.url.path} answered {answer.status_code}: {answer.text}"
    if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        wait = _retry_after(answer.headers.get("Retry-After", ""))
        raise ApplicationError(text, type="RateLimited", next_retry_delay=wait)
    if answer.status_code < 500:
        raise ApplicationError(text, type="Declined", non_retryable=True)
    raise ApplicationError(text, type="ServiceUnavailable")


def _retry_after(header: str) -> timedelta | None:
    """How long the service asks us to wait, as seconds or as a date; None leaves it to the retry policy."""
    if header.isdecimal():
        return timedelta(seconds=int(header))
    try:
        return max(parsedate_to_datetime(header) - datetime.now(UTC), timedelta(0))
    except ValueError:
        return None
