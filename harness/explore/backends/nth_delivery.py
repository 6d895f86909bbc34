"""In force from the workflow task on in which a workflow is told of its nth thing, while the worker waits there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch
from harness.workers.failpoints import Failpoint, Phase, SeesInside


@dataclass(frozen=True, kw_only=True)
class WhenToldOf(SeesInside):
    """Counts what a workflow hears of, and not its tasks: how many things come in one task is chance.

    Attributes:
        n: Which thing, from 1, over all runs of a workflow that continues as new.
        workflow: The type of the workflow; None for any.
    """

    n: int
    workflow: str | None

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm at the task that tells of it."""
        heard, told = 0, False

        async def look(point: Failpoint) -> None:
            nonlocal heard, told
            if point.phase is not Phase.WORKFLOW_TASK or self.workflow not in {None, point.workflow}:
                return
            heard += point.deliveries
            if heard >= self.n and not told:
                told = True
                await switch.arm()

        with testbed.failpoints.watched(look, Phase.WORKFLOW_TASK):
            yield
