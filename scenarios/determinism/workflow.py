"""Lots are drawn: chance, the clock and unique ids decide what is done, and decide the same when it is replayed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.determinism.activities import Lot, LotActivities

WITHIN = timedelta(seconds=30)


@workflow.defn
class DrawLots:
    """Draws for each lot whether it is posted or printed."""

    @workflow.run
    async def run(self, lots: int) -> list[str]:
        """Say what became of each lot, in order."""
        return list(await asyncio.gather(*(self._draw(number) for number in range(1, lots + 1))))

    async def _draw(self, number: int) -> str:
        # The workflow's own clock and ids: what the history says, or what follows from it.
        lot = Lot(number=number, key=str(workflow.uuid4()), drawn_on=workflow.now().date().isoformat())
        do = LotActivities.post_lot if self._heads() else LotActivities.print_lot
        return await workflow.execute_activity_method(do, lot, start_to_close_timeout=WITHIN)

    def _heads(self) -> bool:
        # The workflow's own chance, seeded by the server: the same draws at every replay (DET-004).
        return workflow.random().random() < 0.5
