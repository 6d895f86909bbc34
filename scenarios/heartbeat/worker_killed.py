"""The worker is killed between two heartbeats: another goes on, and items that it repeats take effect once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    Kill,
    NoItemLost,
    Outcome,
    Phase,
    RepeatsBounded,
    ResumedFromHeartbeat,
    WorkerProcesses,
)
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    # A machine that stands still for 3 s costs an attempt, too.
    given=replace(all_well.scenario.given, patience=replace(all_well.IMPATIENT, attempts=6)),
    workers=WorkerProcesses(),
    # Of whichever attempt gets there first, for the same reason.
    faults=[Kill(when=AtPoint(phase=Phase.HEARTBEAT, activity="process_batch", number=8))],
    expects=[
        Outcome(result={"processed": all_well.ITEMS}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        # All eight within one interval of the throttle: the server has heard of the first, which is sent at once.
        RepeatsBounded(of=Items.process, per="item", at_most=7),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
    claims=["HB-001", "HB-004", "HB-005"],
)
