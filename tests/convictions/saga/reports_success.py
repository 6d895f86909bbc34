"""Swallows the failure: undoes everything and reports success."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

TRIED_WITH = ["saga/flight_declined", "saga/flights_down"]
CONVICTED_BY = "outcome"


@workflow.defn(name="BookTrip")
class ReportsSuccess(BookTrip):
    """Means by success that it came to its end."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        booked = await super().run(trip)
        booked.success = True
        return booked
