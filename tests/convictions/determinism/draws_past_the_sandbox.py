"""Draws from a generator of its own, which the sandbox does not know of: a replay decides otherwise."""

from __future__ import annotations

from random import Random

from temporalio import workflow

from scenarios.determinism.workflow import DrawLots

TRIED_WITH = ["determinism/all_well"]
CONVICTED_BY = "replays_cleanly"


@workflow.defn(name="DrawLots")
class DrawsPastTheSandbox(DrawLots):
    """`random.random()` is stopped; `Random().random()` is not."""

    @workflow.run
    async def run(self, lots: int) -> list[str]:
        """Say what became of each lot, in order."""
        return await super().run(lots)

    def _heads(self) -> bool:
        return Random().random() < 0.5  # noqa: S311 - the mistake on trial
