"""The workflow as it is printed to show what not to do: chance and the clock as anywhere else in Python."""

from __future__ import annotations

import random
from datetime import datetime

from temporalio import workflow


@workflow.defn(name="DrawLots")
class ForbiddenChance:
    """Draws with `random`."""

    @workflow.run
    async def run(self, lots: int) -> list[str]:
        """Draw."""
        return [str(random.random()) for _ in range(lots)]  # noqa: S311 - the mistake


@workflow.defn(name="DrawLots")
class ForbiddenClock:
    """Asks the wall clock."""

    @workflow.run
    async def run(self, lots: int) -> list[str]:
        """Ask."""
        return [str(datetime.now()) for _ in range(lots)]  # noqa: DTZ005 - the mistake
