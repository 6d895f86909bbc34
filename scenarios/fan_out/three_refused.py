"""The service refuses three items of ten: the others are processed, and the result lists all ten."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, ChildrenAccountedFor, FirstCalls, HttpError, Outcome, Recorded
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(10)), at_once=4, patience=all_well.IMPATIENT),
    drive=None,
    faults=[HttpError(on=Items.process, status=400, when=FirstCalls(n=3))],
    expects=[
        Outcome(result={"total": 10, "successful": 7, "failed": 3}),
        ChildrenAccountedFor(of=Items.process, items=range(10)),
        # A refusal is not going to pass.
        Attempts(of=Items.process, count=10),
        # Nor has it left anything behind.
        Attempts(of=Items.discard, count=0),
        Recorded(
            event="ChildWorkflowExecutionFailed",
            having={"failure": {"cause": {"applicationFailureInfo": {"type": "Refused"}}}},
            count=3,
        ),
        Recorded(event="ChildWorkflowExecutionCompleted", count=7),
    ],
    claims=["CHW-008"],
)
