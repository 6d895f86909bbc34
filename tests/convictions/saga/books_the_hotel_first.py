"""Books the hotel before the car."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

with workflow.unsafe.imports_passed_through():
    from scenarios.saga.activities import TripActivities

TRIED_WITH = ["saga/all_well", "saga/flight_unavailable_twice"]
CONVICTED_BY = "effects_in_order"


@workflow.defn(name="BookTrip")
class BooksTheHotelFirst(BookTrip):
    """Comes to the same result by another way."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        await self._book("hotel", trip.hotel, TripActivities.book_hotel, TripActivities.cancel_hotel, trip)
        await self._book("car", trip.car, TripActivities.book_car, TripActivities.cancel_car, trip)
        await self._book("flight", trip.flight, TripActivities.book_flight, TripActivities.cancel_flight, trip)
        self._outcome.success = True
        return self._outcome
