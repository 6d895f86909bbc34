"""Undoes in the order of booking: what was booked first is undone first."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Patience, Trip

TRIED_WITH = ["saga/flight_declined", "saga/flight_reply_lost"]
CONVICTED_BY = "compensated_in_reverse"


@workflow.defn(name="BookTrip")
class ForwardOrder(BookTrip):
    """Takes a list for a queue."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        return await super().run(trip)

    async def _undo_all(self, patience: Patience) -> None:
        self._undo.reverse()
        await super()._undo_all(patience)
