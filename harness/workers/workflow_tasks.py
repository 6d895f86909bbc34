"""Stops a worker before a workflow task, outside the time that the SDK gives an activation.

The SDK runs an activation in a thread and fails the task when it takes more than 2 s. Whatever waits inside the
activation (a workflow runner) is therefore cut off, and leaves a thread behind that keeps the worker from shutting
down. The worker handles each activation in a task of its event loop before it starts that thread: here it can wait
for as long as it has to, and be cancelled.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio.worker import Worker

from harness.library_internals.activation_handler import await_before_activations
from harness.library_internals.workflow_messages import WorkflowActivation
from harness.workers.failpoints import Failpoint, Phase
from harness.workers.workflow_runners import hears_of, is_task


@dataclass
class _Run:
    workflow: str
    workflow_id: str
    tasks: int = 0


def stop_at_workflow_tasks(worker: Worker, *, name: str, stop: Callable[[Failpoint], Awaitable[None]]) -> None:
    """Await `stop` before the code of each workflow task of a worker runs. Call it before the worker runs.

    Args:
        worker: The worker.
        name: Its name in the evidence.
        stop: Awaited on the worker's event loop, for one workflow task while the others go on.
    """
    runs: dict[str, _Run] = {}

    async def wait(act: WorkflowActivation) -> None:
        for job in act.jobs:
            if job.HasField("initialize_workflow"):
                started = job.initialize_workflow
                runs[act.run_id] = _Run(started.workflow_type, started.workflow_id)
            elif job.HasField("remove_from_cache"):
                runs.pop(act.run_id, None)
        run = runs.get(act.run_id)
        if run is not None and is_task(act):
            run.tasks += 1
            await stop(
                Failpoint(
                    worker=name,
                    phase=Phase.WORKFLOW_TASK,
                    workflow=run.workflow,
                    workflow_id=run.workflow_id,
                    number=run.tasks,
                    deliveries=sum(1 for _ in hears_of(act)),
                )
            )

    await_before_activations(worker, wait)
