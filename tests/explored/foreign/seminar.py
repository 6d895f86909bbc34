"""A seminar is booked as a saga whose state is in memory: seat, room and payment, undone in reverse order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

SOON = timedelta(seconds=5)
TRIES = RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_attempts=3)


@dataclass
class Books:
    """What one booking has taken."""

    seat: str | None = None
    room: str | None = None
    paid: int = 0


BOOKS: dict[str, Books] = {}


def books(booking: str) -> Books:
    """Return what a booking has taken."""
    return BOOKS.setdefault(booking, Books())


@activity.defn
async def take_seat(booking: str) -> str:
    """Take the one seat of a booking, however often it is asked."""
    mine = books(booking)
    mine.seat = mine.seat or f"seat for {booking}"
    return mine.seat


@activity.defn
async def give_seat_back(booking: str) -> None:
    """Free it."""
    books(booking).seat = None


@activity.defn
async def take_room(booking: str) -> str:
    """Take a room."""
    mine = books(booking)
    mine.room = mine.room or f"room for {booking}"
    return mine.room


@activity.defn
async def give_room_back(booking: str) -> None:
    """Free it."""
    books(booking).room = None


@activity.defn
async def pay(booking: str) -> int:
    """Pay the fee once, however often it is asked."""
    books(booking).paid = 90
    return 90


@activity.defn
async def pay_back(booking: str) -> None:
    """Pay it back."""
    books(booking).paid = 0


async def call(made: Callable[[str], Awaitable[object]], booking: str, policy: RetryPolicy = TRIES) -> None:
    """Call an activity with a booking."""
    await workflow.execute_activity(made, booking, start_to_close_timeout=SOON, retry_policy=policy)


async def undo_all(steps: list[Callable[[str], Awaitable[None]]], booking: str) -> None:
    """Undo what may have been done, the last step first, even if the workflow is cancelled meanwhile."""

    async def undo() -> None:
        for step in reversed(steps):
            await call(step, booking, RetryPolicy(initial_interval=timedelta(milliseconds=20)))

    undoing = asyncio.create_task(undo())
    while not undoing.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(undoing)


STEPS = ((take_seat, give_seat_back), (take_room, give_room_back), (pay, pay_back))


@workflow.defn
class BookSeminar:
    """Registers each compensation before its call, and undoes to the end whatever happens meanwhile."""

    @workflow.run
    async def run(self, booking: str) -> str:
        """Book seat, room and payment, or none of them."""
        undo: list[Callable[[str], Awaitable[None]]] = []
        try:
            for do, undo_it in STEPS:
                undo.append(undo_it)
                await call(do, booking)
        except BaseException:
            await undo_all(undo, booking)
            raise
        return f"booked {booking}"


@workflow.defn
class BookSeminarLate:
    """Registers each compensation only when its call has answered."""

    @workflow.run
    async def run(self, booking: str) -> str:
        """Book seat, room and payment; leave behind what was done and not answered."""
        undo: list[Callable[[str], Awaitable[None]]] = []
        try:
            for do, undo_it in STEPS:
                await call(do, booking)
                undo.append(undo_it)
        except BaseException:
            await undo_all(undo, booking)
            raise
        return f"booked {booking}"
