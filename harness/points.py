"""Named points in the life of an application, in Temporal's own terms: where a fault can strike exactly.

A worker stops at each point until whoever watches has done what it wants there. It works on unmodified code: the
recorder that the harness adds to each worker (`harness.recorder`) says when one is reached.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """Where in an attempt, or before which workflow task."""

    BEFORE_BODY = "before_body"
    """The attempt has been handed to the worker, and its body has not begun."""
    HEARTBEAT = "heartbeat"
    """The body has called `activity.heartbeat`; whether the server hears of it is up to the throttle (HB claims)."""
    AFTER_BODY = "after_body"
    """The body has returned, so its effects are made; its completion has not been reported."""
    WORKFLOW_TASK = "workflow_task"
    """A workflow task has been handed to the worker, and the workflow's code has not run."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point that a worker reached.

    Attributes:
        worker: Which worker.
        phase: Where.
        workflow: The workflow type.
        workflow_id: The workflow.
        activity: The activity type, "" at a workflow task.
        attempt: The attempt, from 1; 0 at a workflow task.
        number: Which heartbeat of the attempt, or which workflow task of the run as this worker counts them; else 0.
        details: What was heartbeated, first value, if it is plain data.
    """

    worker: str
    phase: Phase
    workflow: str
    workflow_id: str
    activity: str = ""
    attempt: int = 0
    number: int = 0
    details: Any = None


PointHook = Callable[[Point], Awaitable[None]]


class Points:
    """Tells triggers of each point, while the worker waits there."""

    def __init__(self) -> None:
        self._hooks: list[PointHook] = []
        self.latest: Point | None = None

    @property
    def watching(self) -> bool:
        """Whether anybody wants to know."""
        return bool(self._hooks)

    @contextmanager
    def watched(self, hook: PointHook) -> Iterator[None]:
        """Await `hook` at every point from now on."""
        self._hooks.append(hook)
        try:
            yield
        finally:
            self._hooks.remove(hook)

    async def reached(self, point: Point) -> None:
        """Tell every hook, one after the other; the worker goes on when this returns."""
        self.latest = point
        for hook in tuple(self._hooks):
            await hook(point)
