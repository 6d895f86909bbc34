"""Draws with `random.random()` as it is printed, and has the sandbox switched off, which would have stopped it."""

from __future__ import annotations

import random

from temporalio import workflow

from scenarios.determinism.workflow import DrawLots

TRIED_WITH = ["determinism/all_well"]
CONVICTED_BY = "replays_cleanly"


@workflow.defn(name="DrawLots", sandboxed=False)
class DrawsWithoutTheSandbox(DrawLots):
    """Trusts in chance."""

    @workflow.run
    async def run(self, lots: int) -> list[str]:
        """Say what became of each lot, in order."""
        return await super().run(lots)

    def _heads(self) -> bool:
        return random.random() < 0.5  # noqa: S311 - the mistake on trial
