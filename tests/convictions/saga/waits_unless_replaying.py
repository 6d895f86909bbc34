"""Takes a decision that no history holds: it waits before booking, except when it is being replayed."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Trip

TRIED_WITH = ["saga/all_well", "saga/flight_declined"]
CONVICTED_BY = "replays_cleanly"


@workflow.defn(name="BookTrip")
class WaitsUnlessReplaying(BookTrip):
    """Asks whether it is being replayed, to save the time."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        if not workflow.unsafe.is_replaying():
            await workflow.sleep(timedelta(milliseconds=1))
        return await super().run(trip)
