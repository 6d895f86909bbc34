"""A worker stops before each workflow task, outside the activation, and only there."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.worker import Worker

from harness.workers.failpoints import Failpoint
from harness.workers.workflow_tasks import stop_at_workflow_tasks


def job(kind: str) -> WorkflowActivationJob:
    """A job of this kind."""
    made = WorkflowActivationJob()
    getattr(made, kind).SetInParent()
    if kind == "initialize_workflow":
        made.initialize_workflow.workflow_id = "trip-1"
        made.initialize_workflow.workflow_type = "BookTrip"
    return made


def activation(*kinds: str, run: str = "run-1", replaying: bool = False) -> WorkflowActivation:
    """An activation with these jobs."""
    return WorkflowActivation(run_id=run, is_replaying=replaying, jobs=[job(kind) for kind in kinds])


def worker(handled: list[str], stop: Any) -> Any:
    """The part of a worker that handles activations, with stops."""

    async def handle(act: WorkflowActivation) -> None:
        handled.append(act.run_id)

    inner = SimpleNamespace(_handle_activation=handle)
    stop_at_workflow_tasks(cast("Worker", SimpleNamespace(_workflow_worker=inner)), name="worker-1", stop=stop)
    return inner


async def test_it_stops_at_workflow_tasks_only() -> None:
    """Not at a replay nor an eviction; the number counts the tasks since the worker holds the workflow in memory."""
    seen: list[tuple[str, str, int, int]] = []

    async def stop(point: Failpoint) -> None:
        seen.append((point.workflow, point.workflow_id, point.number, point.deliveries))

    handled: list[str] = []
    inner = worker(handled, stop)
    for act in [
        activation("initialize_workflow"),
        activation("resolve_activity", "signal_workflow"),
        activation("remove_from_cache"),
        activation("initialize_workflow", replaying=True),
        activation("fire_timer"),
    ]:
        await inner._handle_activation(act)

    assert seen == [("BookTrip", "trip-1", 1, 1), ("BookTrip", "trip-1", 2, 2), ("BookTrip", "trip-1", 1, 1)]
    assert len(handled) == 5


async def test_while_one_workflow_is_held_others_go_on() -> None:
    """And its own activation begins only when it is let go."""
    release = asyncio.Event()

    async def stop(point: Failpoint) -> None:
        if point.number == 1 and not handled:
            await release.wait()

    handled: list[str] = []
    inner = worker(handled, stop)
    held = asyncio.create_task(inner._handle_activation(activation("initialize_workflow", run="held")))
    await asyncio.sleep(0)
    handled.append("-")
    await inner._handle_activation(activation("initialize_workflow", run="other"))
    release.set()
    await held

    assert handled == ["-", "other", "held"]
