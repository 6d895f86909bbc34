"""Something is awaited before each activation: without that, no failpoint `workflow_task` is ever reached."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any, cast

from temporalio.worker import Worker
from temporalio.worker._workflow import _WorkflowWorker

from harness.library_internals.activation_handler import await_before_activations
from harness.library_internals.workflow_messages import WorkflowActivation


async def test_it_is_awaited_before_the_activation_is_handled() -> None:
    """With the activation itself."""
    happened: list[str] = []

    async def handle(activation: WorkflowActivation) -> None:
        happened.append(f"{activation.run_id} handled")

    async def wait(activation: WorkflowActivation) -> None:
        happened.append(f"{activation.run_id} awaited")

    inner: Any = SimpleNamespace(_handle_activation=handle)
    await_before_activations(cast("Worker", SimpleNamespace(_workflow_worker=inner)), wait)
    await inner._handle_activation(WorkflowActivation(run_id="run-1"))

    assert happened == ["run-1 awaited", "run-1 handled"]


def test_a_worker_without_workflows_is_left_alone() -> None:
    """It handles no activations."""
    worker: Any = SimpleNamespace(_workflow_worker=None)
    unused: Any = None
    await_before_activations(worker, unused)

    assert vars(worker) == {"_workflow_worker": None}


def test_the_sdk_handles_each_activation_in_a_task_of_its_own() -> None:
    """If this fails, nothing is awaited any more: find out where the SDK handles an activation now."""
    assert inspect.iscoroutinefunction(_WorkflowWorker._handle_activation)
    assert "asyncio.create_task(self._handle_activation(act))" in inspect.getsource(_WorkflowWorker.run)
    assert "self._workflow_worker = _WorkflowWorker(" in inspect.getsource(Worker)
