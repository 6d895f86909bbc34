"""Replays the histories of explored runs as they come, on one replayer: building one costs more than a replay.

Of histories with the same events in the same order, one is replayed: the code that is asked for the same commands at
the same events gives the same ones again, or fails on the first already.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from harness.explore.model.target import Target

Way = tuple[tuple[int, str, str], ...]
"""The events of a history, by type and by what they are about."""

REPLAY_WITHIN = 60.0
"""How many seconds one history may take, its turn included."""


class Replays:
    """A replayer that takes histories for as long as the context lasts.

    Args:
        target: Whose workflows and payloads they are.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._waiting: asyncio.Queue[WorkflowHistory | None] = asyncio.Queue()
        self._results: dict[str, asyncio.Future[str]] = {}
        self._ways: dict[Way, asyncio.Future[str]] = {}
        self._stack = AsyncExitStack()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._replay())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._waiting.put(None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def check(self, histories: list[WorkflowHistory]) -> list[tuple[WorkflowHistory, str]]:
        """Replay histories; return each that has decisions to repeat, with why it does not replay, "" if it does."""
        waits: list[tuple[WorkflowHistory, asyncio.Future[str]]] = []
        for history in histories:
            # The replayer waits indefinitely on a history in which no workflow task was ever completed.
            if not any(event.HasField("workflow_task_completed_event_attributes") for event in history.events):
                continue
            way = _way(history)
            if way not in self._ways:
                self._ways[way] = self._results[history.run_id] = asyncio.get_running_loop().create_future()
                await self._waiting.put(history)
            waits.append((history, self._ways[way]))
        async with asyncio.timeout(REPLAY_WITHIN):
            # Shielded: another run may wait for the same one.
            return [(history, await asyncio.shield(one)) for history, one in waits]

    async def _replay(self) -> None:
        replayer = Replayer(workflows=self._target.workflows, data_converter=self._target.data_converter)
        async with replayer.workflow_replay_iterator(self._histories()) as results:
            async for result in results:
                failure = result.replay_failure
                self._results.pop(result.history.run_id).set_result("" if failure is None else str(failure))

    async def _histories(self) -> AsyncIterator[WorkflowHistory]:
        while (history := await self._waiting.get()) is not None:
            yield history


def _way(history: WorkflowHistory) -> Way:
    """Return what makes two histories the same to the code that is replayed, their values aside."""
    return tuple(
        (
            event.event_type,
            event.activity_task_scheduled_event_attributes.activity_type.name
            or event.start_child_workflow_execution_initiated_event_attributes.workflow_type.name
            or event.workflow_execution_signaled_event_attributes.signal_name
            or event.workflow_execution_started_event_attributes.workflow_type.name,
            event.activity_task_scheduled_event_attributes.activity_id
            or event.timer_started_event_attributes.timer_id
            or event.marker_recorded_event_attributes.marker_name,
        )
        for event in history.events
    )
