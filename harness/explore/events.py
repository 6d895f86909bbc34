"""What a workflow hears of, one by one, and what becomes of what it calls when it is asked to cancel after one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from temporalio.client import WorkflowHandle

from harness.explore.schedule import Call

EVENT = "event"
"""What the things that a workflow hears of go by."""

ANSWERS_WITHIN = 2.0
"""How many seconds a workflow may take to answer a request to cancel, until what it is sent is no longer kept back."""

_TOLD = {
    "initialize_workflow": "its start",
    "resolve_activity": "the answer of an activity",
    "fire_timer": "a timer",
    "signal_workflow": "a signal",
    "do_update": "an update",
    "resolve_child_workflow_execution_start": "the start of a child workflow",
    "resolve_child_workflow_execution": "the end of a child workflow",
    "resolve_signal_external_workflow": "a signal that it sent",
    "resolve_request_cancel_external_workflow": "a cancellation that it asked for",
    "resolve_nexus_operation_start": "the start of a Nexus operation",
    "resolve_nexus_operation": "the end of a Nexus operation",
}
"""What counts, by the SDK's names: these are as many in each run, however the server divides them into tasks."""


def hears_of(activation: Any) -> Iterator[str]:
    """Yield what a workflow hears of in one task, in words."""
    for job in activation.jobs:
        found = _TOLD.get(job.WhichOneof("variant") or "")
        if found is not None:
            yield found


class Cancellation:
    """Makes a request to cancel the next thing that a workflow hears of: whatever could overtake it waits.

    That is what the workflow called just then, and what the target's drive sends it.
    Otherwise chance would decide whether an activity begins before it is given up.

    Args:
        seen: Returns once the workflow's code has seen the request.
    """

    def __init__(self, *, seen: Callable[[], Awaitable[None]]) -> None:
        self._seen = seen
        self._asked = False
        self._waiting: set[Call] = set()
        self._given_up: set[Call] = set()

    def asked(self, calls: Iterable[Call]) -> None:
        """Take note that the workflow is being asked, and keep what it just called from beginning."""
        self._asked = True
        self._waiting |= {*calls}

    async def settled(self, workflow: WorkflowHandle[Any, Any]) -> None:
        """Return once a workflow has answered the request, if there is one, or has ended.

        What reaches the server before that answer is given to the workflow together with the request.
        """
        if not self._asked:
            return
        await self._seen()
        requested = False
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWERS_WITHIN):
                async for event in workflow.fetch_history_events(wait_new_event=True):
                    requested = requested or event.HasField("workflow_execution_cancel_requested_event_attributes")
                    if requested and event.HasField("workflow_task_completed_event_attributes"):
                        return

    def arrived(self, *, given_up: Iterable[Call]) -> None:
        """Take note of the calls that the workflow gave up as it heard of the request."""
        self._given_up |= {*given_up}

    async def prevents(self, call: Call) -> bool:
        """Whether a call shall never begin; returns once that is known."""
        if call not in self._waiting:
            return False
        await self._seen()
        return call in self._given_up
