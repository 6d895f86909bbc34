"""`datetime.now()` in a workflow does not run at all: the sandbox fails its first task."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded, Status, StuckTask
from scenarios.determinism import all_well, chance_is_stopped
from scenarios.determinism._forbidden import ForbiddenClock

scenario = replace(
    chance_is_stopped.scenario,
    application=all_well.version(ForbiddenClock),
    workflow=ForbiddenClock.run,
    expects=[
        StuckTask(
            cause="WORKFLOW_WORKER_UNHANDLED_FAILURE",
            text="Cannot access datetime.datetime.now.__call__ from inside a workflow",
            heals=False,
        ),
        Outcome(status=Status.TERMINATED),
        Recorded(event="WorkflowTaskCompleted", count=0),
    ],
    claims=["DET-002", "DET-003"],
)
