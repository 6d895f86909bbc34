"""The server allows a run five pending activities, and there are seven items: places for five get them all done."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import NoItemLost, Outcome, Recorded, Server
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel.workflows import items

# Limits of 5 where production's are 2,000.
FEW = Server(dynamic_config={"limit.numPendingActivities.error": "5", "limit.numPendingChildExecutions.error": "5"})

scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=list(range(7)), at_once=5, patience=all_well.IMPATIENT),
    server=FEW,
    faults=(),
    expects=[
        Outcome(result={"success_rate": 1.0}),
        NoItemLost(of=Items.process, per="item", items=range(7)),
        # All five places are taken by the first workflow task.
        Recorded(event="ActivityTaskScheduled", having={"workflowTaskCompletedEventId": "4"}, count=5),
    ],
    claims=["PAR-010"],
)
