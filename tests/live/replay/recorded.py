"""Records a history of each workflow of `every_command` on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from uuid import uuid4

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.nexus.v1 import EndpointSpec, EndpointTarget
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, CreateNexusEndpointRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory, WorkflowUpdateFailedError
from temporalio.worker import Worker

from tests.live.apps import every_command as every
from tests.live.apps.every_activity import ACTIVITIES
from tests.live.apps.every_operation import Clerk

WORKFLOWS = [value for value in vars(every).values() if hasattr(value, "__temporal_workflow_definition")]


async def record_all(client: Client) -> dict[str, WorkflowHistory]:
    """Return a history for each of them, by name; every life of `Again` by its number."""
    attribute = AddSearchAttributesRequest(namespace=client.namespace)
    attribute.search_attributes[every.NOTE.name] = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    await client.operator_service.add_search_attributes(attribute)
    queue = f"every-{uuid4().hex[:8]}"
    target = EndpointTarget(worker=EndpointTarget.Worker(namespace=client.namespace, task_queue=queue))
    await client.operator_service.create_nexus_endpoint(
        CreateNexusEndpointRequest(spec=EndpointSpec(name=queue, target=target))
    )
    async with Worker(
        client,
        task_queue=queue,
        workflows=WORKFLOWS,
        activities=ACTIVITIES,
        nexus_service_handlers=[Clerk()],
        graceful_shutdown_timeout=timedelta(0),
    ):
        handles = [one async for one in _start_all(client, queue)]
        await asyncio.gather(*(_ended(handle) for _, handle in handles))
        return {name: history for name, handle in handles async for name, history in _lives(client, name, handle)}


async def _start_all(client: Client, queue: str) -> AsyncIterator[tuple[str, WorkflowHandle[object, object]]]:
    numbers = count(1)

    async def start(name: str, *given: object) -> WorkflowHandle[object, object]:
        return await client.start_workflow(
            name,
            args=given,
            id=f"{queue}-{name}-{next(numbers)}",
            task_queue=queue,
            task_timeout=timedelta(seconds=5),
            memo={"test": 1},
        )

    yield "Sequence", await start("Sequence", every.Order("book", 100))
    yield "Fan", await start("Fan", 4)
    yield "Timers", await start("Timers")
    quiet = await start("Talks", "")
    talks = await start("Talks", quiet.id)
    yield "Parent", await start("Parent")
    yield "Again", await start("Again", 1, [])
    yield "Local", await start("Local", "word")
    yield "Patched", await start("Patched")
    cancels = await start("Cancels")
    yield "Tells", await start("Tells")
    yield "Fails", await start("Fails", "for no reason")
    yield "Operates", await start("Operates", queue)
    await talks.signal("say", "hello")
    await talks.execute_update("add", 1)
    await talks.execute_update("validated", 4)
    for update in ("refuse", "validated"):
        with suppress(WorkflowUpdateFailedError):
            await talks.execute_update(update, -3)
    await talks.signal("end")
    yield "Talks", talks
    async for event in cancels.fetch_history_events(wait_new_event=True):
        # The second cancelled activity is abandoned; then it waits.
        if event.event_id > 16 and event.HasField("workflow_task_completed_event_attributes"):
            break
    await cancels.cancel()
    yield "Cancels", cancels


async def _ended(handle: WorkflowHandle[object, object]) -> None:
    with suppress(Exception):
        await handle.result()


async def _lives(
    client: Client, name: str, handle: WorkflowHandle[object, object]
) -> AsyncIterator[tuple[str, WorkflowHistory]]:
    run: str | None = handle.first_execution_run_id
    life = 0
    while run:
        life += 1
        history = await client.get_workflow_handle(handle.id, run_id=run).fetch_history()
        yield name if life == 1 else f"{name} {life}", history
        last = history.events[-1]
        run = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id or None
