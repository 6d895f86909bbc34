"""The worker is killed with children in flight: another replays the window, and every item is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    ChildrenAccountedFor,
    Kill,
    Outcome,
    Phase,
    WindowKept,
    WorkerProcesses,
)
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

# Its attempt is noticed when its time is over, which is scaled to that.
PATIENCE = replace(
    all_well.IMPATIENT, answer_within=timedelta(milliseconds=500), attempt_within=timedelta(seconds=1), attempts=20
)

scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(4)), at_once=2, patience=PATIENCE),
    drive=None,
    # Without a cache every workflow task replays from the start, and no other worker is waited for.
    workers=WorkerProcesses(max_cached_workflows=0),
    faults=[Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="process", nth=3))],
    expects=[
        Outcome(result={"total": 4, "successful": 4}),
        ChildrenAccountedFor(of=Items.process, items=range(4)),
        AtMostOnce(of=Items.process, per="item"),
        WindowKept(at_once=2),
    ],
    claims=["CHW-010"],
)
