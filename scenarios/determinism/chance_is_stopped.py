"""`random.random()` in a workflow does not run at all: the sandbox fails its first task, and the run is stuck."""

from __future__ import annotations

from dataclasses import replace

from harness import LiveRun, Outcome, Recorded, Status, StuckTask, WorkflowTaskStuck
from scenarios.determinism import all_well
from scenarios.determinism._forbidden import ForbiddenChance


async def drive(run: LiveRun) -> None:
    """Give up on the run once its task has failed; only what is open can be terminated."""
    await run.told(WorkflowTaskStuck)
    await run.handle.terminate()


scenario = replace(
    all_well.scenario,
    application=all_well.version(ForbiddenChance),
    workflow=ForbiddenChance.run,
    drive=drive,
    expects=[
        # No error of non-determinism, as it is commonly told.
        StuckTask(
            cause="WORKFLOW_WORKER_UNHANDLED_FAILURE",
            text="Cannot access random.random.__call__ from inside a workflow",
            heals=False,
        ),
        Outcome(status=Status.TERMINATED),
        Recorded(event="WorkflowTaskCompleted", count=0),
        Recorded(
            event="WorkflowTaskFailed",
            having={"failure": {"applicationFailureInfo": {"type": "RestrictedWorkflowAccessError"}}},
        ),
    ],
    claims=["DET-002", "DET-003"],
)
