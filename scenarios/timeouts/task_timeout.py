"""A worker freezes in a workflow task: another one takes the task over, and the workflow does not notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import AtPoint, Outcome, Pause, Phase, Recorded, StartOptions, WorkerProcesses
from scenarios.timeouts import all_well

scenario = replace(
    all_well.scenario,
    # Temporal's default is 10 s. A workflow task that is being worked on takes what it takes on any clock.
    start=StartOptions(task_timeout=timedelta(seconds=1)),
    workers=WorkerProcesses(),
    faults=[Pause(others=1, when=AtPoint(phase=Phase.WORKFLOW_TASK, number=2))],
    expects=[
        Outcome(result={"rate": 1.25, "posted": 3, "statement": "statement of May"}),
        Recorded(event="WorkflowTaskTimedOut", having={"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}),
    ],
    claims=["TMO-009"],
)
