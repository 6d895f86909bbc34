"""Failpoints: places in the life of an application, in Temporal's own terms, where a fault can be injected exactly.

A worker waits at a failpoint until every hook for it has returned. It works on unmodified code: what the harness adds
to each worker (`harness.workers.attempt_recorder`, `harness.workers.workflow_tasks`) reports when one is reached.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.events import Event, PointReached, RunBroken


class Phase(StrEnum):
    """Where in an attempt, or before which workflow task."""

    BEFORE_BODY = "before_body"
    """The worker has received the attempt, and its body has not begun."""
    HEARTBEAT = "heartbeat"
    """The body has called `activity.heartbeat`. The SDK has the heartbeats before this one, and takes this one when the
    worker goes on; which of them reach the server is up to the throttle (HB claims)."""
    AFTER_BODY = "after_body"
    """The body has returned, so its effects are made; its completion has not been reported."""
    WORKFLOW_TASK = "workflow_task"
    """The worker has received a workflow task, and the workflow's code has not run."""


@dataclass(frozen=True, kw_only=True)
class Failpoint:
    """One failpoint that a worker reached.

    Attributes:
        worker: Which worker.
        phase: Where.
        workflow: The workflow type.
        workflow_id: The workflow.
        activity: The activity type, "" at a workflow task.
        attempt: The attempt, from 1; 0 at a workflow task.
        number: Which heartbeat of the attempt, or which workflow task of the run as this worker counts them; else 0.
        details: What was heartbeated, first value, if it is plain data.
        deliveries: At a workflow task, how many things it delivers to the workflow's code, such as activity results
            and signals; else 0.
    """

    worker: str
    phase: Phase
    workflow: str
    workflow_id: str
    activity: str = ""
    attempt: int = 0
    number: int = 0
    details: Any = None
    deliveries: int = 0

    def event(self) -> PointReached:
        """The event that records it."""
        return PointReached(
            worker=self.worker,
            phase=self.phase,
            workflow=self.workflow,
            activity=self.activity,
            attempt=self.attempt,
            number=self.number,
            details=self.details,
        )


class SeesInside:
    """A trigger or an oracle that needs a worker that reports its attempts and failpoints.

    A marker, to inherit from: a scenario whose worker does not report them is refused when it declares such a part.
    """


PointHook = Callable[[Failpoint], Awaitable[None]]

_now_at: ContextVar[Failpoint | None] = ContextVar("_now_at", default=None)


def now_at() -> Failpoint | None:
    """The failpoint at which a worker waits for the hook that is running; None outside a hook."""
    return _now_at.get()


class Failpoints:
    """Calls hooks at failpoints, while the worker waits there.

    Args:
        emit: Takes a `PointReached` for each failpoint that a worker reaches while there is a hook for any.
    """

    def __init__(self, emit: Callable[[Event], None] = lambda _: None) -> None:
        self._emit = emit
        self._hooks: list[tuple[PointHook, frozenset[Phase]]] = []
        self._publish: Callable[[frozenset[Phase]], None] = lambda _: None

    @property
    def watched_phases(self) -> frozenset[Phase]:
        """The phases that a hook is for. A worker waits at no others."""
        return frozenset(phase for _, phases in self._hooks for phase in phases)

    @contextmanager
    def watched(self, hook: PointHook, *phases: Phase) -> Iterator[None]:
        """Await `hook` at every failpoint of these phases inside the context; of all phases where none is given."""
        entry = hook, frozenset(phases or Phase)
        self._hooks.append(entry)
        self._publish(self.watched_phases)
        try:
            yield
        finally:
            self._hooks.remove(entry)
            self._publish(self.watched_phases)

    @contextmanager
    def published(self, publish: Callable[[frozenset[Phase]], None]) -> Iterator[None]:
        """Call `publish` with the watched phases now and whenever they change, inside the context."""
        self._publish = publish
        publish(self.watched_phases)
        try:
            yield
        finally:
            self._publish = lambda _: None

    async def reached(self, point: Failpoint) -> None:
        """Await every hook for this failpoint, one after the other; the worker goes on when this returns.

        A hook that raises breaks the run, and the worker goes on.
        """
        if not self._hooks:
            return
        self._emit(point.event())
        # Each failpoint is handled in a task of its own.
        token = _now_at.set(point)
        try:
            for hook, phases in tuple(self._hooks):
                if point.phase in phases:
                    await hook(point)
        except Exception as error:  # noqa: BLE001 - whatever a hook raises, the application must not see it
            self._emit(RunBroken(what=f"a hook at the failpoint {point.phase} raised: {error!r}"))
        finally:
            _now_at.reset(token)
