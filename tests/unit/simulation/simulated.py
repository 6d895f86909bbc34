"""Runs workflows with the SDK's real worker on a simulated server, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from temporalio.client import Client, WorkflowHistory
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from harness.library_internals.simulated_bridge import simulated_workers
from harness.library_internals.skipping_clock import with_skipping_clock
from harness.simulation.client import client_of
from harness.simulation.server.server import SimulatedServer
from harness.simulation.unmodelled import Unmodelled
from harness.simulation.virtual_time import VirtualLoop
from tests.unit.simulation import zoo

QUEUE = "simulated"

Drive = Callable[[Client], Awaitable[Any]]


def simulate(
    drive: Drive,
    *,
    workflows: Sequence[type] = (),
    activities: Sequence[Callable[..., Any]] = (),
    skips: bool = False,
    **options: Any,
) -> Any:
    """Drive workflows on a simulated server, and return what the driver returns.

    Args:
        drive: The driver, which gets a client.
        workflows: The worker's workflows.
        activities: Its activities.
        skips: Whether the workflows' clocks skip what nobody works in.
        options: How the worker is made otherwise.

    Raises:
        Unmodelled: Something came up that is not modelled.
    """
    unmodelled: list[Unmodelled] = []

    threads = ThreadPoolExecutor(1)

    async def run() -> Any:
        known = [one.name for one in (zoo.STAGE, zoo.OTHER)]
        client = client_of(SimulatedServer(search_attributes=known, gave_up=unmodelled.append))
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=workflows,
            activities=activities,
            activity_executor=threads,
            workflow_runner=UnsandboxedWorkflowRunner(),
            **options,
        )
        async with worker:
            return await drive(with_skipping_clock(client) if skips else client)

    returned = in_virtual_time(run)
    for one in unmodelled:
        raise one
    return returned


def in_virtual_time(make: Callable[[], Awaitable[Any]]) -> Any:
    """Run something in an event loop in virtual time, and return what it returns."""
    loop = VirtualLoop()

    async def run() -> Any:
        return await make()

    with simulated_workers():
        try:
            return loop.run_until_complete(run())
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
            asyncio.set_event_loop(None)


def events(history: WorkflowHistory) -> list[str]:
    """Return the types of a history's events, without those of workflow tasks."""
    names = (str(one.WhichOneof("attributes")).removesuffix("_event_attributes") for one in history.events)
    return [one for one in names if not one.startswith("workflow_task_")]
