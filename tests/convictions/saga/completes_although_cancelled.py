"""Completes although it was cancelled: it undoes everything, and its caller never learns of the cancellation."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

TRIED_WITH = ["saga/cancelled_between_steps", "saga/cancelled_during_booking", "saga/cancelled_during_compensation"]
CONVICTED_BY = "outcome"


@workflow.defn(name="BookTrip")
class CompletesAlthoughCancelled(BookTrip):
    """Handles a cancellation and does not pass it on."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        try:
            return await super().run(trip)
        except asyncio.CancelledError:
            return self._outcome
