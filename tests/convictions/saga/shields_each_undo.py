"""Shields each undo instead of the whole: cancelled while it undoes, it ends that one and begins no further."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.saga.workflow import Booked, BookTrip, Patience, Trip

TRIED_WITH = ["saga/cancelled_during_compensation"]
CONVICTED_BY = "no_orphans"


@workflow.defn(name="BookTrip")
class ShieldsEachUndo(BookTrip):
    """Puts the shield inside the loop."""

    @workflow.run
    async def run(self, trip: Trip) -> Booked:
        """Book the trip."""
        return await super().run(trip)

    async def _compensate(self, patience: Patience) -> bool:
        begun, self._undo = self._undo, []
        while begun:
            self._undo = [begun.pop()]
            await asyncio.shield(self._undo_all(patience))
        return False
