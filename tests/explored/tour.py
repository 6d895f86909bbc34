"""A tour whose parts are booked at the same time, with a bug that only a booking that lands late brings out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from harness import Target, undone_on_failure

WITHIN = timedelta(seconds=9)
TRIES = RetryPolicy(maximum_attempts=3)
PARTS = ("hotel", "car", "guide")


@activity.defn
async def book(tour: str, part: str) -> str:
    """Book a part."""
    return f"{part} of {tour}"


@activity.defn
async def cancel(booked: str) -> None:
    """Take a booking back."""


async def _book(tour: str, part: str, booked: list[str]) -> None:
    booked.append(
        await workflow.execute_activity(book, args=[tour, part], start_to_close_timeout=WITHIN, retry_policy=TRIES)
    )


async def _cancel(booked: list[str]) -> None:
    for one in reversed(booked):
        await workflow.execute_activity(cancel, one, start_to_close_timeout=WITHIN)


@workflow.defn
class HastyTour:
    """Does not wait for the others when one fails."""

    @workflow.run
    async def run(self, tour: str) -> None:
        """Bug: `gather` raises at the first failure, and what is booked later stays booked."""
        booked: list[str] = []
        try:
            await asyncio.gather(*(_book(tour, part, booked) for part in PARTS))
        except ActivityError:
            await _cancel(booked)
            raise


@workflow.defn
class Tour:
    """Waits for all before it takes anything back."""

    @workflow.run
    async def run(self, tour: str) -> None:
        """Book all parts, or none."""
        booked: list[str] = []
        ended = await asyncio.gather(*(_book(tour, part, booked) for part in PARTS), return_exceptions=True)
        failed = [one for one in ended if isinstance(one, BaseException)]
        if failed:
            await _cancel(booked)
            raise failed[0]


def exploring(tour: type) -> Target:
    """How one of them is explored. That an answer is lost for good is another bug, which both have."""
    return Target(
        workflows=[tour],
        activities=[book, cancel],
        workflow=tour.run,  # type: ignore[attr-defined]
        given=str,
        invariants=[undone_on_failure(book, cancel, key=lambda one: one.result or one.arguments[0])],
        without=["book#*:lost_last", "book#*:zombie"],
    )


target = exploring(Tour)
