"""The events that a workflow receives, and what becomes of its calls when it is asked to cancel after one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from temporalio.client import WorkflowHandle

from harness.evidence.calls import CallName

EVENT = "event"
"""The name of the events that a workflow receives."""

ANSWERS_WITHIN = 2.0
"""How many seconds a workflow may take to answer a request to cancel, until signals to it are no longer held back."""


class Cancellation:
    """Makes a request to cancel the next event that a workflow receives: what could overtake it waits.

    That is what the workflow called just then, and what the target's driver sends it.
    Otherwise chance would decide whether an activity begins before it is given up.

    Args:
        seen: Returns once the workflow's code has seen the request.
    """

    def __init__(self, *, seen: Callable[[], Awaitable[None]]) -> None:
        self._seen = seen
        self._asked = False
        self._waiting: set[CallName] = set()
        self._given_up: set[CallName] = set()

    def asked(self, calls: Iterable[CallName]) -> None:
        """Record that the workflow is being asked, and keep what it just called from beginning."""
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

    def arrived(self, *, given_up: Iterable[CallName]) -> None:
        """Record the calls that the workflow gave up when it received the request."""
        self._given_up |= {*given_up}

    async def prevents(self, call: CallName) -> bool:
        """Whether a call must never begin; returns once that is known."""
        if call not in self._waiting:
            return False
        await self._seen()
        return call in self._given_up
