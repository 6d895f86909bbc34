"""The run as a scenario's own `drive` sees it: for signals, cancellation, and exact moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from temporalio.client import Client, WorkflowFailureError, WorkflowHandle

from harness.events import Event
from harness.evidence.history import HistoryEvent
from harness.services.operation import Call, Operation
from harness.testbed.testbed import Testbed

EventKind = TypeVar("EventKind", bound=Event)


@dataclass(frozen=True, kw_only=True)
class LiveRun:
    """A run in progress. Every wait ends with the scenario's deadline at the latest.

    Attributes:
        client: A client of the Temporal server, which the worker's faults do not affect.
        handle: The scenario's workflow.
        testbed: The running fakes and proxies.
        task_queue: The run's own.
        seen_to: The ids of other workflows that the drive sees to their end.
    """

    client: Client
    handle: WorkflowHandle[Any, Any]
    testbed: Testbed
    task_queue: str
    seen_to: list[str] = field(default_factory=list)

    def holding(self, on: Operation, *, nth: int = 1) -> AbstractAsyncContextManager[Call]:
        """Wait until the nth call of an operation has arrived at its fake, and hold it unserved inside the context.

        Everything inside the context happens after the call was made and before it has any effect.
        """
        return self.testbed.fake(on).holding(on, nth=nth)

    @asynccontextmanager
    async def holding_each(self, *calls: tuple[Operation, int]) -> AsyncIterator[list[Call]]:
        """Wait until several calls, each an operation and its nth call, have arrived, and hold them all inside.

        They may arrive in any order; with one `holding` after the other, the second may miss a call that arrived
        at once.
        """
        async with AsyncExitStack() as stack:
            contexts = [self.holding(on, nth=nth) for on, nth in calls]
            yield await asyncio.gather(*(stack.enter_async_context(one) for one in contexts))

    async def until(self, event_type: str, *, nth: int = 1) -> HistoryEvent:
        """Wait for the nth event of a type, such as "TimerStarted", counted from the workflow's start."""
        found: asyncio.Future[HistoryEvent] = asyncio.get_running_loop().create_future()
        seen = 0

        async def look(event: HistoryEvent) -> None:
            nonlocal seen
            seen += event.type == event_type
            if seen == nth and not found.done():
                found.set_result(event)

        with self.testbed.history.watched(look):
            for event in self.testbed.history.so_far:
                await look(event)
            return await found

    async def told(self, kind: type[EventKind], *, nth: int = 1, **having: Any) -> EventKind:
        """Wait for the nth event of a kind in the run's own stream, with these values, such as a `WorkerGone`."""
        found: asyncio.Future[EventKind] = asyncio.get_running_loop().create_future()
        seen = 0

        def look(event: Event) -> None:
            nonlocal seen
            if not isinstance(event, kind) or any(getattr(event, name) != value for name, value in having.items()):
                return
            seen += 1
            if seen == nth and not found.done():
                found.set_result(event)

        for event in self.testbed.stream.events:
            look(event)
        stop = self.testbed.stream.listen(look)
        try:
            return await found
        finally:
            stop()

    async def see_to_its_end(self, workflow_id: str) -> None:
        """Wait until another workflow has ended, whichever way, such as a child that outlives its parent.

        The run waits, too; otherwise it ends soon after its own workflow.
        """
        self.seen_to.append(workflow_id)
        with suppress(WorkflowFailureError):
            await self.client.get_workflow_handle(workflow_id).result()
