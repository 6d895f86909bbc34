"""In force from a named point in the application's own life on, while the worker waits there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from harness.errors import UsageError
from harness.library_internals.activity_definition import Named, activity_name
from harness.library_internals.workflow_definition import NamedWorkflow, workflow_name
from harness.testbed.testbed import Target, Testbed
from harness.trigger import Bounds, Switch
from harness.workers.failpoints import Failpoint, Phase, SeesInside


@dataclass(frozen=True, kw_only=True)
class AtPoint(SeesInside):
    """In force once a worker has reached a point that fits; the worker goes on when the fault is armed.

    Attributes:
        phase: Where.
        activity: The activity: the function, the method, or its type; None for any. A workflow task has none.
        workflow: The workflow: the class, its run method, or its type; None for any.
        attempt: Which attempt, from 1; None for any.
        number: Which heartbeat of the attempt, or which workflow task; None for any.
        checkpoint: The least first value of a heartbeat, or of its field `checkpoint_field`; None for any.
        checkpoint_field: Which field of a heartbeat's first value is the checkpoint, None if it is the value itself.
        nth: The nth point that fits, from 1.

    Raises:
        UsageError: A number is not positive, or the phase has no such thing; every problem at once.
    """

    phase: Phase
    activity: Named | None = None
    workflow: NamedWorkflow | None = None
    attempt: int | None = None
    number: int | None = None
    checkpoint: int | None = None
    checkpoint_field: str | None = None
    nth: int = 1

    def __post_init__(self) -> None:
        if self.activity is not None:
            object.__setattr__(self, "activity", activity_name(self.activity))
        if self.workflow is not None:
            object.__setattr__(self, "workflow", workflow_name(self.workflow))
        problems = tuple(self._problems())
        if problems:
            raise UsageError(*problems)

    def _problems(self) -> Iterator[str]:
        for name in ("attempt", "number", "nth"):
            value = getattr(self, name)
            if value is not None and value < 1:
                yield f"AtPoint: {name} must be >= 1, got {value}."
        lacks = {
            Phase.BEFORE_BODY: ("number", "checkpoint"),
            Phase.HEARTBEAT: (),
            Phase.AFTER_BODY: ("number", "checkpoint"),
            Phase.WORKFLOW_TASK: ("activity", "attempt", "checkpoint"),
        }
        for name in lacks[self.phase]:
            if getattr(self, name) is not None:
                yield f"AtPoint: the phase {self.phase} has no {name}; leave it out."
        if self.checkpoint_field is not None and self.checkpoint is None:
            yield f"AtPoint: checkpoint_field={self.checkpoint_field!r} needs a checkpoint."

    def bounds(self, on: Target) -> Bounds:  # noqa: ARG002 - the contract's
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:  # noqa: ARG002
        """Arm when the nth point that fits is reached."""
        counted = 0

        async def look(point: Failpoint) -> None:
            nonlocal counted
            if not self._fits(point):
                return
            counted += 1
            if counted == self.nth:
                await switch.arm()

        with testbed.failpoints.watched(look, self.phase):
            yield

    def _fits(self, point: Failpoint) -> bool:
        names = ("phase", "activity", "workflow", "attempt", "number")
        if any(getattr(self, name) not in {None, getattr(point, name)} for name in names):
            return False
        return self.checkpoint is None or _reached(self._checkpoint_of(point.details), self.checkpoint)

    def _checkpoint_of(self, details: Any) -> Any:
        if self.checkpoint_field is None:
            return details
        return details.get(self.checkpoint_field) if isinstance(details, dict) else None


def _reached(value: Any, least: int) -> bool:
    return isinstance(value, int | float) and value >= least
