"""In force from the workflow task on in which a workflow receives its nth event, while the worker waits there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.errors import UsageError
from harness.library_internals.workflow_definition import NamedWorkflow, workflow_name
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch
from harness.workers.failpoints import Failpoint, Phase, SeesInside


@dataclass(frozen=True, kw_only=True)
class NthDelivery(SeesInside):
    """In force once a worker gets the workflow task that delivers the nth event to the workflow's code.

    An event is what the code receives: its start, the answer of an activity, a timer, a signal, an update, the start
    or the end of a child. Workflow tasks are not counted: how many events come in one task is chance.

    Attributes:
        n: Which event, from 1, over all runs of a workflow that continues as new.
        workflow: The workflow: the class, its run method, or its type; None for any.

    Raises:
        UsageError: `n` is not positive.
    """

    n: int
    workflow: NamedWorkflow | None = None

    def __post_init__(self) -> None:
        if self.workflow is not None:
            object.__setattr__(self, "workflow", workflow_name(self.workflow))
        if self.n < 1:
            raise UsageError(f"NthDelivery: n must be >= 1, got {self.n}.")

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm at the task that delivers the event."""
        received, armed = 0, False

        async def look(point: Failpoint) -> None:
            nonlocal received, armed
            if point.phase is not Phase.WORKFLOW_TASK or self.workflow not in {None, point.workflow}:
                return
            received += point.deliveries
            if received >= self.n and not armed:
                armed = True
                await switch.arm()

        with testbed.failpoints.watched(look, Phase.WORKFLOW_TASK):
            yield
