"""An item is in the list twice: it is processed once, and the second entry is reported as not done."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, Outcome, Recorded
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

scenario = replace(
    all_well.scenario,
    # The second 0 comes while the first is open or when it has ended, the second 1 when it has ended for long.
    given=Batch(items=[0, 0, 1, 2, 1], at_once=2, patience=all_well.IMPATIENT),
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
