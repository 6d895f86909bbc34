"""Forgets what it could not undo: nobody is told that something is left to look after."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

TRIED_WITH = ["saga/undo_hotel_never_works", "saga/flights_down"]
CONVICTED_BY = "outcome"


@workflow.defn(name="BookTrip")
class ForgetsWhatItCouldNotUndo(BookTrip):
    """Counts an undo that failed among those that were done."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        booked = await super().run(trip)
        booked.compensated += booked.failed_compensations
        booked.failed_compensations.clear()
        return booked
