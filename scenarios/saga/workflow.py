"""A trip of car, hotel and flight: all of it is booked, or nothing of it stays booked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.saga.activities import Step, TripActivities

Do = Callable[[TripActivities, Step], Coroutine[Any, Any, str]]
Undo = Callable[[TripActivities, Step], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Patience:
    """How long the workflow tolerates with services that fail. The defaults are meant for production.

    Attributes:
        answer_within: For one request. Below `attempt_within`, so that an attempt ends before its activity does.
        attempt_within: The activities' start_to_close.
        attempts: Of a booking.
        first_wait: Before its second attempt; doubles with each further one.
        undo_attempts: Of a compensation. More than of a booking: giving up leaves something standing.
        undo_first_wait: Before its second attempt; doubles with each further one.
    """

    answer_within: timedelta = timedelta(seconds=20)
    attempt_within: timedelta = timedelta(seconds=30)
    attempts: int = 3
    first_wait: timedelta = timedelta(seconds=1)
    undo_attempts: int = 5
    undo_first_wait: timedelta = timedelta(seconds=2)


@dataclass(frozen=True)
class Trip:
    """What to book.

    Attributes:
        traveller: For whom.
        car: Which car.
        hotel: Which room.
        flight: Which seat.
        confirm_within: Wait so long for the signal `confirm` before the flight is booked; None does not ask.
        patience: How long to bear with failing services.
    """

    traveller: str
    car: str
    hotel: str
    flight: str
    confirm_within: timedelta | None = None
    patience: Patience = field(default_factory=Patience)


@dataclass
class Booked:
    """What became of a trip.

    Attributes:
        success: Whether all of it is booked.
        bookings: The booking ids by part, of what is booked now as far as the trip knows.
        error: Why it is not booked, in the words of the failure behind it.
        compensated: The parts that were undone, in that order. A part whose booking was attempted counts, since
            nobody can know whether it went through.
        failed_compensations: The parts that could not be undone: somebody has to look after them. That includes a
            part whose service never answered, where most likely nothing stands: only the service could tell.
    """

    success: bool = False
    bookings: dict[str, str] = field(default_factory=dict)
    error: str = ""
    compensated: list[str] = field(default_factory=list)
    failed_compensations: list[str] = field(default_factory=list)


@workflow.defn
class BookTrip:
    """Books car, hotel and flight, and undoes what was begun when a later part fails or the trip is cancelled."""

    def __init__(self) -> None:
        self._confirmed = False
        self._outcome = Booked()
        self._undo: list[tuple[str, Undo, Step]] = []

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip. A cancelled trip is compensated, too, and then ends as Canceled."""
        try:
            await self._book("car", trip.car, TripActivities.book_car, TripActivities.cancel_car, trip)
            await self._book("hotel", trip.hotel, TripActivities.book_hotel, TripActivities.cancel_hotel, trip)
            if trip.confirm_within is not None:
                await self._confirmation(trip.confirm_within)
            await self._book("flight", trip.flight, TripActivities.book_flight, TripActivities.cancel_flight, trip)
        except (ActivityError, ApplicationError) as failure:
            self._outcome.error = _reason(failure)
            cancelled = await self._compensate(trip.patience) or is_cancelled_exception(failure)
        except asyncio.CancelledError:
            # Not an Exception: a cancelled trip that is waiting would slip past the handler above (SAGA-009).
            self._outcome.error = "cancelled"
            await self._compensate(trip.patience)
            raise
        else:
            self._outcome.success = True
            return self._outcome
        if cancelled:
            raise asyncio.CancelledError
        return self._outcome

    @workflow.signal
    def confirm(self) -> None:
        """The traveller wants the flight."""
        self._confirmed = True

    @workflow.query
    def outcome(self) -> Booked:
        """What became of the trip so far; a cancelled trip has no result to read it from."""
        return self._outcome

    async def _book(self, part: str, item: str, do: Do, undo: Undo, trip: Trip) -> None:
        info = workflow.info()
        patience = trip.patience
        step = Step(
            key=f"{info.workflow_id}:{part}", trip=info.workflow_id, item=item, answer_within=patience.answer_within
        )
        # Before the call, under a key known beforehand: a booking whose answer is lost must be undone, too (SAGA-006).
        self._undo.append((part, undo, step))
        self._outcome.bookings[part] = await workflow.execute_activity_method(
            do,
            step,
            start_to_close_timeout=patience.attempt_within,
            retry_policy=RetryPolicy(initial_interval=patience.first_wait, maximum_attempts=patience.attempts),
        )

    async def _confirmation(self, within: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: self._confirmed, timeout=within)
        except TimeoutError:
            # Of itself: a TimeoutError behind it would be the reason, and has no text.
            raise ApplicationError(f"not confirmed within {within}", type="NotConfirmed") from None

    async def _compensate(self, patience: Patience) -> bool:
        """Undo everything begun. Returns whether the trip was cancelled meanwhile, which does not stop it."""
        undoing = asyncio.create_task(self._undo_all(patience))
        cancelled = False
        while not undoing.done():
            try:
                await asyncio.shield(undoing)
            except asyncio.CancelledError:
                # One shield for the whole of it: a shield around each step would lose the steps behind (SAGA-010).
                cancelled = True
        undoing.result()
        return cancelled

    async def _undo_all(self, patience: Patience) -> None:
        while self._undo:
            part, undo, step = self._undo.pop()
            try:
                await workflow.execute_activity_method(
                    undo,
                    step,
                    start_to_close_timeout=patience.attempt_within,
                    retry_policy=RetryPolicy(
                        initial_interval=patience.undo_first_wait, maximum_attempts=patience.undo_attempts
                    ),
                )
            except ActivityError as failure:
                # Each on its own: one undo that cannot work must not keep the others from being done (SAGA-005).
                workflow.logger.error("the %s of %s could not be undone: %s", part, step.trip, _reason(failure))
                self._outcome.failed_compensations.append(part)
            else:
                self._outcome.compensated.append(part)
                self._outcome.bookings.pop(part, None)


def _reason(failure: BaseException) -> str:
    """The text of what is behind a failure: that of an ActivityError itself says nothing (SAGA-003)."""
    while failure.__cause__ is not None:
        failure = failure.__cause__
    return str(failure)
