"""A worker for facts about errors and retries, and what came of each plan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.worker import Worker

from harness.environment.open import Environment
from tests.live.facts.errors_app import CALLS, WORKFLOWS, Catch, Plan, Said, Seen, fail, told

LONGEST = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Caught:
    """What a workflow saw of its activity, and what the activity saw.

    Attributes:
        caught_as: By which `except`.
        chain: The error and what is behind it, outermost first.
        calls: How often the activity was begun.
        handle: The workflow.
    """

    caught_as: str
    chain: list[Said]
    calls: int
    handle: WorkflowHandle[Any, Any]

    @property
    def kinds(self) -> list[str]:
        """The classes of the chain."""
        return [one["kind"] for one in self.chain]


@dataclass(kw_only=True)
class Facts:
    """A worker and its client.

    Attributes:
        client: Of the server it is on.
        queue: The worker's task queue.
    """

    client: Client
    queue: str
    _numbers: Any = field(default_factory=lambda: count(1))
    _begun: dict[str, asyncio.Task[Caught]] = field(default_factory=dict)

    async def start(self, run: Callable[..., Any], *arguments: Any, **options: Any) -> WorkflowHandle[Any, Any]:
        """Start a workflow."""
        return await self.client.start_workflow(
            run,
            args=arguments,
            id=f"{self.queue}-{next(self._numbers)}",
            task_queue=self.queue,
            **({"execution_timeout": LONGEST, "task_timeout": timedelta(seconds=5)} | options),
        )

    def begin(self, *plans: Plan) -> None:
        """Begin all of these: they mostly wait."""
        for plan in plans:
            self._begun.setdefault(repr(plan), asyncio.create_task(self._catch(plan)))

    async def caught(self, plan: Plan) -> Caught:
        """Return what came of a plan, begun before or not."""
        self.begin(plan)
        return await self._begun[repr(plan)]

    async def _catch(self, plan: Plan) -> Caught:
        handle = await self.start(Catch.run, plan)
        seen: Seen = await handle.result()
        return Caught(caught_as=seen.caught_as, chain=seen.chain, calls=CALLS[handle.id], handle=handle)

    async def pending(self, handle: WorkflowHandle[Any, Any], *, attempt: int) -> Any:
        """Wait until a workflow's activity is at this attempt, or waits for it."""
        return await _at(handle, attempt, lambda described: described.pending_activities)

    async def stuck(self, handle: WorkflowHandle[Any, Any], *, attempt: int) -> Any:
        """Wait until a workflow's task is at this attempt."""
        return await _at(handle, attempt, lambda described: [described.pending_workflow_task])

    async def failed(self, run: Callable[..., Any], *arguments: Any, **options: Any) -> list[Said]:
        """Return what a client sees of a workflow that fails."""
        return await failure_of(await self.start(run, *arguments, **options))


async def _at(handle: WorkflowHandle[Any, Any], attempt: int, pending: Callable[[Any], Any]) -> Any:
    """Ask until something that is pending is at this attempt: no event tells."""
    async with asyncio.timeout(LONGEST.total_seconds()):
        while True:
            described = await handle.describe()
            for one in pending(described.raw_description):
                if one.attempt >= attempt:
                    return one
            await asyncio.sleep(0.02)


async def failure_of(handle: WorkflowHandle[Any, Any]) -> list[Said]:
    """Return what a client sees of a workflow that fails."""
    with pytest.raises(WorkflowFailureError) as caught:
        await handle.result()
    return told(caught.value)


async def first(handle: WorkflowHandle[Any, Any], event: EventType.ValueType) -> Any:
    """Wait for the first event of a type, and return its attributes."""
    name = EventType.Name(event).removeprefix("EVENT_TYPE_").lower()
    async with asyncio.timeout(LONGEST.total_seconds()):
        async for one in handle.fetch_history_events(wait_new_event=True):
            if one.event_type == event:
                return getattr(one, f"{name}_event_attributes")
    raise AssertionError(f"{name} never came")


@asynccontextmanager
async def _worker(environment: Environment, **options: Any) -> AsyncIterator[Facts]:
    client = environment.temporal.client
    queue = f"facts-{uuid4()}"
    async with Worker(client, task_queue=queue, workflows=WORKFLOWS, activities=[fail], **options):
        yield Facts(client=client, queue=queue)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def facts(harness_environment: Environment) -> AsyncIterator[Facts]:
    """A worker that nothing special is said to."""
    async with _worker(harness_environment) as one:
        yield one


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lenient(harness_environment: Environment) -> AsyncIterator[Facts]:
    """A worker to which a NameError is a failure."""
    async with _worker(harness_environment, workflow_failure_exception_types=[NameError]) as one:
        yield one
