"""Replays the histories of explored runs as they come, in other processes, and none twice.

Of histories with the same events in the same order, one is replayed: the code that is asked for the same commands at
the same events gives the same ones again, or fails on the first already. The first history is replayed with every hash
seed; the others share the seeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from dataclasses import replace
from types import TracebackType
from typing import Self

from temporalio.client import Client, WorkflowHistory

from harness.events import Replayed
from harness.explore.model.target import Target
from harness.files.temporary_folder import temporary_folder
from harness.processes.guard import ProcessGuard
from harness.replay.engine.code import loaded
from harness.replay.engine.run_replays import Replays

Way = tuple[tuple[int, str, str], ...]
"""The events of a history, by type and by what they are about."""


class ReplayCache:
    """Replays histories for as long as the context lasts.

    Args:
        target: Whose workflows and payloads they are.
        replays: Replays them; None for processes that the context starts and ends.
        client: Of the server; the target's plugins may choose the data converter of its clients.
    """

    def __init__(self, target: Target, replays: Replays | None = None, *, client: Client | None = None) -> None:
        converter = None if client is None else target.client(client).data_converter
        self._code = loaded(target.workflows, target, converter=converter)
        self._ways: dict[Way, asyncio.Task[Sequence[Replayed]]] = {}
        self._stack = AsyncExitStack()
        self._replays = replays
        self._guard: ProcessGuard | None = None

    async def __aenter__(self) -> Self:
        if self._replays is None:
            self._guard = await self._stack.enter_async_context(ProcessGuard())
            folder = self._stack.enter_context(temporary_folder())
            self._replays = await self._stack.enter_async_context(Replays(self._guard, folder))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._ways.values():
            task.cancel()
        await asyncio.gather(*self._ways.values(), return_exceptions=True)
        await self._stack.aclose()

    def required(self, notice: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `notice` if the guard of the processes ends inside the context, as in `ProcessGuard.required`.

        Whoever gave the processes guards them.
        """
        return nullcontext() if self._guard is None else self._guard.required(notice)

    async def check(self, histories: Sequence[WorkflowHistory]) -> Sequence[Replayed]:
        """Replay histories, and return what became of each that has decisions to repeat.

        How a command differs is left out, since explorations change timeouts.
        """
        assert self._replays is not None  # noqa: S101 - inside the context
        tasks = []
        for history in histories:
            way = _way(history)
            if way not in self._ways:
                turn = len(self._ways) or None
                self._ways[way] = asyncio.create_task(self._replays.check([history], self._code, turn=turn))
            tasks.append(self._ways[way])
        # Shielded: another run may wait for the same one.
        return [
            replace(one, workflow_id=history.workflow_id, run_id=history.run_id, drifts=())
            for history, task in zip(histories, tasks, strict=True)
            for one in await asyncio.shield(task)
        ]


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
