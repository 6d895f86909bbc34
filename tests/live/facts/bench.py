"""A worker in this process for the small workflows of one topic, and ways to look at what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.protobuf.json_format import MessageToDict
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.worker import Worker

from harness.evidence.history import History, read_event, read_history

Handle = WorkflowHandle[Any, Any]

PATIENCE = 30.0
"""How long anything may take, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A task queue with a worker on it.

    Attributes:
        client: Of the server.
        queue: The task queue's name.
    """

    client: Client
    queue: str

    async def start(self, run: Callable[..., Any], *given: Any, **options: Any) -> Handle:
        """Start a workflow under an id of its own."""
        return await self.client.start_workflow(
            run, args=given, id=f"{self.queue}-{uuid4()}", task_queue=self.queue, **options
        )

    async def fails(self, run: Callable[..., Any], *given: Any, **options: Any) -> WorkflowFailureError:
        """Start a workflow, and return how it fails."""
        return await failure_of(await self.start(run, *given, **options))


@asynccontextmanager
async def bench(
    client: Client,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]] = (),
    *,
    queue: str = "",
    **options: Any,
) -> AsyncIterator[Bench]:
    """Have a worker at work, on a task queue of its own or on one that another had."""
    queue = queue or f"facts-{uuid4()}"
    async with Worker(
        client, task_queue=queue, workflows=workflows, activities=activities, build_id="facts", **options
    ):
        yield Bench(client=client, queue=queue)


async def failure_of(handle: Handle) -> WorkflowFailureError:
    """Return how a workflow ends that does not succeed; one that does not end is reported with its history."""
    try:
        async with asyncio.timeout(PATIENCE):
            result = await handle.result()
    except WorkflowFailureError as failure:
        return failure
    except TimeoutError:
        events = (await history_of(handle)).events
        raise AssertionError(f"{handle.id} has not ended: {[event.type for event in events]}") from None
    raise AssertionError(f"it ended well: {result!r}")


def chain(failure: BaseException | None) -> Iterator[BaseException]:
    """Yield a failure and those behind it, outermost first."""
    while failure is not None:
        yield failure
        failure = failure.__cause__


async def history_of(handle: Handle) -> History:
    """Return the history of a workflow's last run as data."""
    fetched = await handle.fetch_history()
    return read_history(fetched.to_json_dict(), workflow_id=handle.id, run_id="")


async def begun(handle: Handle, event: str, *, nth: int = 1) -> None:
    """Wait for the nth event of a type in a workflow's history, by which it is known to be where a test wants it."""
    seen = 0
    async with asyncio.timeout(PATIENCE):
        async for one in handle.fetch_history_events(wait_new_event=True):
            seen += read_event(MessageToDict(one)).type == event
            if seen == nth:
                return
    raise AssertionError(f"it ended without {nth} {event}")


async def pending(handle: Handle, such: Callable[[Any], bool]) -> None:
    """Wait until an activity is pending in such a state: attempts stand in no history before their end."""
    async with asyncio.timeout(PATIENCE):
        while not any(map(such, await _pending(handle))):  # noqa: ASYNC110 - the server tells of it only when asked
            await asyncio.sleep(0.02)


async def _pending(handle: Handle) -> Sequence[Any]:
    return (await handle.describe()).raw_description.pending_activities
