"""Knows how to undo a booking only after the call has returned: one whose answer is lost is never undone."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from scenarios.saga.workflow import Booked, BookTrip, Do, Trip, Undo

TRIED_WITH = ["saga/flight_reply_lost"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="BookTrip")
class UndoKnownAfterTheCall(BookTrip):
    """Registers an undo when it has the booking's answer in its hands."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        return await super().run(trip)

    async def _book(self, part: str, item: str, do: Do, undo: Undo, trip: Trip) -> None:
        try:
            await super()._book(part, item, do, undo, trip)
        except ActivityError:
            self._undo.pop()
            raise
