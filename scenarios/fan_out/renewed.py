"""The batch continues as new once: no child is ended by that, and the last run tells of all items."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, ChildrenAccountedFor, Outcome, Recorded, WindowKept
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(4)), at_once=2, per_run=3, patience=all_well.IMPATIENT),
    drive=None,
    expects=[
        Outcome(result={"total": 4, "successful": 4}),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=1),
        ChildrenAccountedFor(of=Items.process, items=range(4)),
        AtMostOnce(of=Items.process, per="item"),
        WindowKept(at_once=2),
    ],
    claims=["PCP-004"],
)
