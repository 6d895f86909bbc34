"""An item is processed but answered too late: the caller waits no longer than it said, and begins with that item."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, Attempts, LateReply, NoItemLost, NthCall, Outcome, Recorded
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.scenario.given,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), silent_within=timedelta(seconds=20)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=4), when=NthCall(n=7))],
    expects=[
        Outcome(result={"processed": all_well.ITEMS, "resumed_from": 6}),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        Attempts(of=Items.process, count=all_well.ITEMS + 1),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
)
