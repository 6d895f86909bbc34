"""Two items are in the list twice, one of them again in the next run: each is processed once, and refused once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, Outcome, Recorded
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

scenario = replace(
    all_well.scenario,
    # The second 0 comes while the first is open or when it has ended, the second 1 in the next run.
    given=Batch(items=[0, 0, 1, 2, 1], at_once=2, per_run=4, patience=all_well.IMPATIENT),
    drive=None,
    expects=[
        Outcome(
            result={
                "total": 5,
                "successful": 3,
                "failures": [
                    {"item": 0, "error": "WorkflowAlreadyStartedError: Workflow execution already started"},
                    {"item": 1, "error": "WorkflowAlreadyStartedError: Workflow execution already started"},
                ],
            }
        ),
        Attempts(of=Items.process, count=3),
        Recorded(event="StartChildWorkflowExecutionFailed", count=2),
    ],
    claims=["CHW-012"],
)
