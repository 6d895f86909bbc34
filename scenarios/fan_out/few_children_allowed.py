"""The server allows a run five open children, and there are six items: a window of five gets them all done."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import ChildrenAccountedFor, Outcome, Server, WindowKept
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

ITEMS = 6

# Limits of 5 where production's are 2,000.
FEW = Server(dynamic_config={"limit.numPendingActivities.error": "5", "limit.numPendingChildExecutions.error": "5"})

# `all_well` holds the first item until others have taken further places.
scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(ITEMS)), at_once=5, patience=all_well.IMPATIENT),
    server=FEW,
    expects=[
        Outcome(result={"total": ITEMS, "successful": ITEMS}),
        ChildrenAccountedFor(of=Items.process, items=range(ITEMS)),
        WindowKept(at_once=5),
    ],
    claims=["CHW-003", "CHW-010"],
)
