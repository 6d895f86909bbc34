"""Gives up an undo after two attempts: a service that is away for a moment keeps its booking for good."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Patience, Trip

TRIED_WITH = ["saga/undo_hotel_fails_twice"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="BookTrip")
class GivesUpAnUndoEarly(BookTrip):
    """Has less patience with an undo than with a booking."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        return await super().run(trip)

    async def _undo_all(self, patience: Patience) -> None:
        await super()._undo_all(replace(patience, undo_attempts=2))
