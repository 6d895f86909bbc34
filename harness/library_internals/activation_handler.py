"""The coroutine in which a worker handles one activation: `Worker._workflow_worker._handle_activation`.

Read in `temporalio/worker/_worker.py` and `_workflow.py`. The SDK runs the activation itself in a thread and fails the
workflow task when that takes more than 2 s. Before it starts the thread, a wait may take as long as it has to and can
be cancelled; nothing public is called there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.worker import Worker

from harness.library_internals.workflow_messages import WorkflowActivation


def await_before_activations(worker: Worker, wait: Callable[[WorkflowActivation], Awaitable[None]]) -> None:
    """Await something before each activation of a worker, on its event loop. Call it before the worker runs.

    Args:
        worker: The worker.
        wait: Awaited for one activation while others go on.
    """
    # A worker without workflows has no part that handles activations.
    inner: Any = worker._workflow_worker  # noqa: SLF001 - see the module
    if inner is None:
        return
    handle = inner._handle_activation  # noqa: SLF001 - see the module

    async def wait_and_handle(activation: Any) -> None:
        await wait(activation)
        await handle(activation)

    inner._handle_activation = wait_and_handle  # noqa: SLF001 - see the module
