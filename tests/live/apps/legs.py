"""Travels leg by leg, one a run of its chain: rightly, and with a memory that is the worker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from tests.live.apps.reserve_activities import Seat, SeatActivities


@dataclass(frozen=True)
class Trip:
    """What is left of a trip, and what it has brought.

    Attributes:
        legs: Those before it, each "day" or "night".
        pause: Before each.
        travelled: How many it has behind it.
        vouchers: One for each of them by night.
    """

    legs: Sequence[str]
    pause: timedelta = timedelta(0)
    travelled: int = 0
    vouchers: Sequence[str] = ()


@workflow.defn
class Travel:
    """Hands everything over to its next run."""

    @workflow.run
    async def run(self, trip: Trip) -> list[str]:
        """Return the vouchers, once there are no legs left."""
        vouchers = [*trip.vouchers, *await _travel(trip)]
        _go_on(replace(trip, vouchers=vouchers))
        return vouchers


VOUCHERS: dict[str, dict[int, list[str]]] = {}
"""By workflow and leg. Outlives a run, and not the worker; the same leg replayed again changes nothing in it."""


@workflow.defn(name="Travel", sandboxed=False)
class TravelForgetfully:
    """Keeps the vouchers where its next run finds them in the same worker, and hands none over."""

    @workflow.run
    async def run(self, trip: Trip) -> list[str]:
        """Return the vouchers, once there are no legs left."""
        kept = VOUCHERS.setdefault(workflow.info().workflow_id, {})
        kept[trip.travelled] = await _travel(trip)
        _go_on(trip)
        return [voucher for leg in sorted(kept) for voucher in kept[leg]]


async def _travel(trip: Trip) -> list[str]:
    """Travel one leg; returns the vouchers for it."""
    if trip.pause:
        await workflow.sleep(trip.pause)
    seat = Seat(key=f"{workflow.info().workflow_id}:{trip.travelled}", answer_within=timedelta(seconds=5))
    await workflow.execute_activity_method(
        SeatActivities.reserve,
        seat,
        start_to_close_timeout=timedelta(seconds=2),
        retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=10)),
    )
    return [f"leg {trip.travelled}"] if trip.legs[0] == "night" else []


def _go_on(trip: Trip) -> None:
    _, *left = trip.legs
    if left:
        workflow.continue_as_new(replace(trip, legs=left, travelled=trip.travelled + 1))
