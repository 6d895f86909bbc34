"""Begins to start its children and ends in the same task: none of them is ever started, and nothing says so."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from scenarios.fan_out.workflows.hand_over import Batch, Handed, HandOver, Started
from scenarios.fan_out.workflows.item import NotDone, Patience

TRIED_WITH = ["fan_out/handed_over"]
CONVICTED_BY = "children_accounted_for"


@workflow.defn(name="HandOver")
class EndsBeforeItsChildrenStart(HandOver):
    """Forgets before it has fired."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[Started | NotDone]] = []

    @workflow.run
    async def run(self, batch: Batch) -> Handed:
        """Say which items are on their way."""
        return await super().run(batch)

    async def _start(self, number: int, patience: Patience) -> Started | NotDone:
        self._tasks.append(asyncio.create_task(super()._start(number, patience)))
        return Started(item=number, workflow_id=f"{workflow.info().workflow_id}:{number}")
