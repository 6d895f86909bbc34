"""Holds the bodies of calls in flight, so that a call fails before any of its siblings has done its work.

Which of several calls is done first is otherwise chance. A body is held until the run has nothing else to do: no
workflow task is open, and every activity that was called is held. That is read from the workflows' histories, which
the server sends as they grow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.history.v1 import HistoryEvent as RecordedEvent
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from harness.temporal.outstanding import Outstanding

HELD_WITHIN = 8.0
"""How many seconds a body is held at most. What else goes on then never rests: the fault is not injected."""


@dataclass(eq=False)
class _Held:
    """A body that is held.

    Attributes:
        workflow_id: The workflow that called it.
        activity_id: The id of its activity.
        order: The place of its call among the calls of the run.
        fails: Whether it is the one that fails.
    """

    workflow_id: str
    activity_id: str
    order: int
    fails: bool
    let_go: asyncio.Event = field(default_factory=asyncio.Event)


class InFlight:
    """The bodies that are held in one run.

    Args:
        workflow: Returns the handle of a workflow, or of one run of it.
        roots: Returns the ids of the workflows that the run was started with.
        calls: Returns how many calls have been made.
    """

    def __init__(
        self,
        workflow: Callable[..., WorkflowHandle[Any, Any]],
        *,
        roots: Callable[[], Iterable[str]],
        calls: Callable[[], int],
    ) -> None:
        self._workflow = workflow
        self._roots = roots
        self._calls = calls
        self._held: list[_Held] = []
        self._seen: dict[str, Outstanding | None] = {}
        self._following: list[asyncio.Task[None]] = []
        self._failed_at: int | None = None
        self._over = False

    async def hold(self, workflow_id: str, activity_id: str, *, order: int, fails: bool) -> bool:
        """Hold a body; return whether that went well.

        The one that fails goes on once all others in flight are held, and these once the run rests again. Before, the
        one that was called last goes on first: the others may be in flight for longer. What is called after the
        failure is not held.

        Args:
            workflow_id: The workflow that called it.
            activity_id: The id of its activity.
            order: The place of its call among the calls of the run.
            fails: Whether it is the one that fails.
        """
        if self._over or (self._failed_at is not None and order >= self._failed_at):
            return True
        held = _Held(workflow_id, activity_id, order, fails)
        self._held.append(held)
        for one in (*self._roots(), workflow_id):
            self._follow(one)
        self._look()
        try:
            async with asyncio.timeout(HELD_WITHIN):
                await held.let_go.wait()
        except TimeoutError:
            return False
        finally:
            if held in self._held:
                self._held.remove(held)
        return True

    def end(self) -> None:
        """Let go of everything, since the run is over."""
        self._over = True
        for one in self._following:
            one.cancel()
        for held in self._held:
            held.let_go.set()

    def _follow(self, workflow_id: str) -> None:
        if workflow_id not in self._seen:
            self._seen[workflow_id] = None
            self._following.append(asyncio.create_task(self._followed(workflow_id)))

    async def _followed(self, workflow_id: str) -> None:
        """Read the history of a workflow as it grows, page by page: half of what a task has done says nothing."""
        run_id: str | None = None
        try:
            while run_id != "":
                seen = Outstanding()
                events = self._workflow(workflow_id, run_id=run_id).fetch_history_events(wait_new_event=True)
                while True:
                    await events.fetch_next_page()
                    self._read(workflow_id, seen, events.current_page or [])
                    if not events.next_page_token:
                        break
                run_id = seen.next_run
        except RPCError:
            # Without knowing how it goes on, nothing is let go before its time is over.
            self._seen[workflow_id] = None

    def _read(self, workflow_id: str, seen: Outstanding, events: Iterable[RecordedEvent]) -> None:
        for event in events:
            seen.see(event)
        self._seen[workflow_id] = seen
        for child in seen.going_on.values():
            self._follow(child)
        self._look()

    def _look(self) -> None:
        """Let go of what goes on next, if all else rests."""
        if not self._held or self._over or not all(map(self._rests, [*self._seen])):
            return
        fails = [one for one in self._held if one.fails]
        if self._failed_at is not None:
            let_go, self._over = self._held, True
        elif fails:
            let_go, self._failed_at = fails, self._calls()
        else:
            let_go = [max(self._held, key=lambda one: one.order)]
        self._held = [one for one in self._held if one not in let_go]
        for one in let_go:
            one.let_go.set()

    def _rests(self, workflow_id: str) -> bool:
        seen = self._seen[workflow_id]
        if seen is None or seen.next_run:
            return False
        if seen.closed:
            return True
        held = {one.activity_id for one in self._held if one.workflow_id == workflow_id}
        ended = [child for child in seen.going_on.values() if self._has_closed(child)]
        # A timer may be one that limits how long the workflow waits: nobody waits for that.
        return not (seen.task or seen.coming or seen.messages or ended) and {*seen.activities.values()} <= held

    def _has_closed(self, workflow_id: str) -> bool:
        seen = self._seen.get(workflow_id)
        return seen is not None and seen.closed and not seen.next_run


def in_flight_together(events: Iterable[RecordedEvent]) -> set[tuple[str, str]]:
    """Return the activities of a history that were called while another one was in flight, and those others.

    Each as its type and its id.
    """
    going_on: dict[int, tuple[str, str]] = {}
    together: set[tuple[str, str]] = set()
    seen = Outstanding()
    for event in events:
        seen.see(event)
        if event.HasField("activity_task_scheduled_event_attributes"):
            called = event.activity_task_scheduled_event_attributes
            going_on[event.event_id] = called.activity_type.name, called.activity_id
        going_on = {number: one for number, one in going_on.items() if number in seen.activities}
        if len(going_on) > 1:
            together |= {*going_on.values()}
    return together
