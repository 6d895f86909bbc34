"""Named points in the life of an application, in Temporal's own terms: where a fault can strike exactly.

A worker stops at each point until whoever watches has done what it wants there. It works on unmodified code: the
recorder that the harness adds to each worker (`harness.workers.attempt_recorder`) says when one is reached.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.events import Event, PointReached


class Phase(StrEnum):
    """Where in an attempt, or before which workflow task."""

    BEFORE_BODY = "before_body"
    """The attempt has been handed to the worker, and its body has not begun."""
    HEARTBEAT = "heartbeat"
    """The body has called `activity.heartbeat`. The SDK has those before it, and takes this one when the worker goes
    on; what the server hears of them is up to the throttle (HB claims)."""
    AFTER_BODY = "after_body"
    """The body has returned, so its effects are made; its completion has not been reported."""
    WORKFLOW_TASK = "workflow_task"
    """A workflow task has been handed to the worker, and the workflow's code has not run."""


@dataclass(frozen=True, kw_only=True)
class Failpoint:
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
        hears: At a workflow task, of how many things it tells the workflow's code, such as answers and signals; else 0.
    """

    worker: str
    phase: Phase
    workflow: str
    workflow_id: str
    activity: str = ""
    attempt: int = 0
    number: int = 0
    details: Any = None
    hears: int = 0


class SeesInside:
    """A trigger or an oracle that goes by what only a worker that tells of its attempts and points can tell.

    A mark, to inherit from: a scenario whose worker does not tell is refused when it declares such a part.
    """


PointHook = Callable[[Failpoint], Awaitable[None]]

_now_at: ContextVar[Failpoint | None] = ContextVar("_now_at", default=None)


def now_at() -> Failpoint | None:
    """The point at which a worker waits for whoever asks; None outside a hook."""
    return _now_at.get()


class Failpoints:
    """Tells triggers of each point, while the worker waits there.

    Args:
        emit: Takes a `PointReached` for each that somebody watches for.
    """

    def __init__(self, emit: Callable[[Event], None] = lambda _: None) -> None:
        self._emit = emit
        self._hooks: list[PointHook] = []

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

    async def reached(self, point: Failpoint) -> None:
        """Tell every hook, one after the other; the worker goes on when this returns."""
        if not self._hooks:
            return
        self._emit(
            PointReached(
                worker=point.worker,
                phase=point.phase,
                workflow=point.workflow,
                activity=point.activity,
                attempt=point.attempt,
                number=point.number,
                details=point.details,
            )
        )
        # Each connection is served by a task of its own, and so is each point.
        token = _now_at.set(point)
        try:
            for hook in tuple(self._hooks):
                await hook(point)
        finally:
            _now_at.reset(token)
