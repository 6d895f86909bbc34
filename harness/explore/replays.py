"""Replays the histories of explored runs as they come, on one replayer: building one costs more than a replay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from harness.explore.target import Target

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

    async def check(self, histories: list[WorkflowHistory]) -> str:
        """Replay histories; return what was said against the first that does not replay, "" when all do."""
        waits = []
        for history in histories:
            # The replayer waits for ever on a history in which no workflow task was ever completed.
            if not any(event.HasField("workflow_task_completed_event_attributes") for event in history.events):
                continue
            future = asyncio.get_running_loop().create_future()
            self._results[history.run_id] = future
            await self._waiting.put(history)
            waits.append(future)
        async with asyncio.timeout(REPLAY_WITHIN):
            found = [await one for one in waits]
        return next((one for one in found if one), "")

    async def _replay(self) -> None:
        replayer = Replayer(workflows=self._target.workflows, data_converter=self._target.data_converter)
        async with replayer.workflow_replay_iterator(self._histories()) as results:
            async for result in results:
                failure = result.replay_failure
                self._results.pop(result.history.run_id).set_result("" if failure is None else str(failure))

    async def _histories(self) -> AsyncIterator[WorkflowHistory]:
        while (history := await self._waiting.get()) is not None:
            yield history
