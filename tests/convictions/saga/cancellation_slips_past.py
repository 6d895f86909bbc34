"""Compensates in an `except Exception`, which a cancelled wait slips past: nothing is undone."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

with workflow.unsafe.imports_passed_through():
    from scenarios.saga.activities import TripActivities

TRIED_WITH = ["saga/cancelled_between_steps"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="BookTrip")
class CancellationSlipsPast(BookTrip):
    """Takes CancelledError for an Exception."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        try:
            await self._book("car", trip.car, TripActivities.book_car, TripActivities.cancel_car, trip)
            await self._book("hotel", trip.hotel, TripActivities.book_hotel, TripActivities.cancel_hotel, trip)
            if trip.confirm_within is not None:
                await self._confirmation(trip.confirm_within)
            await self._book("flight", trip.flight, TripActivities.book_flight, TripActivities.cancel_flight, trip)
        except Exception as failure:  # noqa: BLE001 - the mistake on trial
            self._outcome.error = str(failure)
            await self._compensate(trip.patience)
            return self._outcome
        self._outcome.success = True
        return self._outcome
