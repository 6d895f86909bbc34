"""A tiny application: reserves seats one after the other, one HTTP call each, and says what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from tests.live.apps.reserve_activities import Seat, SeatActivities


@dataclass(frozen=True)
class Wanted:
    """What to reserve.

    Attributes:
        seats: How many.
        attempts: Of each.
        answer_within: For one request.
        attempt_within: The activity's start_to_close.
        ask_before: Wait for the signal `go` before this seat, counted from 1; 0 never asks.
        give_back: Cancel each seat that could not be reserved.
    """

    seats: int = 1
    attempts: int = 1
    answer_within: timedelta = timedelta(seconds=5)
    attempt_within: timedelta = timedelta(seconds=20)
    ask_before: int = 0
    give_back: bool = False


@workflow.defn
class Reserve:
    """Reserves, and reports instead of failing."""

    def __init__(self) -> None:
        self._go = False

    @workflow.run
    async def run(self, wanted: Wanted) -> list[str]:
        """Return "reserved" or the reason for each seat."""
        became = []
        for number in range(1, wanted.seats + 1):
            if number == wanted.ask_before:
                await workflow.wait_condition(lambda: self._go)
            became.append(await self._reserve(number, wanted))
        return became

    @workflow.signal
    def go(self) -> None:
        """Go on."""
        self._go = True

    async def _reserve(self, number: int, wanted: Wanted) -> str:
        seat = Seat(key=f"{workflow.info().workflow_id}:{number}", answer_within=wanted.answer_within)
        policy = RetryPolicy(initial_interval=timedelta(milliseconds=10), maximum_attempts=wanted.attempts)
        within = wanted.attempt_within
        try:
            return await workflow.execute_activity_method(
                SeatActivities.reserve, seat, start_to_close_timeout=within, retry_policy=policy
            )
        except ActivityError as failure:
            if wanted.give_back:
                await workflow.execute_activity_method(SeatActivities.give_back, seat, start_to_close_timeout=within)
            return str(failure.cause)
