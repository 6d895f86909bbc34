"""Stops undoing at the first undo that fails: what was booked before it stays booked."""

from __future__ import annotations

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Patience, Trip

TRIED_WITH = ["saga/undo_hotel_never_works"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="BookTrip")
class StopsAtTheFirstFailedUndo(BookTrip):
    """Lets one undo that cannot work keep the others from being done."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        return await super().run(trip)

    async def _undo_all(self, patience: Patience) -> None:
        begun, self._undo = self._undo, []
        while begun and not self._outcome.failed_compensations:
            self._undo = [begun.pop()]
            await super()._undo_all(patience)
