"""The HTTP calls of the tiny application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Seat:
    """One seat, under its idempotency key."""

    key: str
    answer_within: timedelta


class SeatActivities:
    """Reserves seats at a service."""

    def __init__(self, flights: httpx2.AsyncClient) -> None:
        self._flights = flights

    @activity.defn
    async def reserve(self, seat: Seat) -> str:
        """Reserve the seat."""
        try:
            answer = await self._flights.post(
                "/bookings",
                json={"trip": "tiny", "item": "seat"},
                headers={"Idempotency-Key": seat.key},
                # Only the answer is waited for impatiently: at the start of many runs a connect may take its time.
                timeout=httpx2.Timeout(seat.answer_within.total_seconds(), connect=5),
            )
        except httpx2.TransportError as error:
            raise ApplicationError(type(error).__name__) from error
        if answer.status_code >= 400:
            raise ApplicationError(f"status {answer.status_code}")
        try:
            answer.json()
        except ValueError as error:
            raise ApplicationError("unreadable") from error
        return "reserved"

    @activity.defn
    async def give_back(self, seat: Seat) -> None:
        """Cancel the seat, whether or not it was reserved."""
        answer = await self._flights.delete(f"/bookings/{seat.key}", timeout=5)
        answer.raise_for_status()


@asynccontextmanager
async def seat_activities(*, flights: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL."""
    async with httpx2.AsyncClient(base_url=flights, verify=False) as client:
        made = SeatActivities(client)
        yield [made.reserve, made.give_back]
