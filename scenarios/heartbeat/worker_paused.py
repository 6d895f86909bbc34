"""The worker is paused until another has finished its batch: what it does when it wakes up changes nothing."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    LateOutcomeDiscarded,
    NoItemLost,
    OnEvent,
    Outcome,
    Pause,
    Phase,
    ResumedFromHeartbeat,
    Window,
    WorkerProcesses,
)
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    # A task that is handed to a poll which the paused worker has open is lost until it times out; it has two.
    given=replace(all_well.scenario.given, patience=replace(all_well.IMPATIENT, attempts=6)),
    workers=WorkerProcesses(),
    faults=[
        Pause(
            others=1,
            when=Window(
                # Of whichever attempt gets there first: a machine that stands still for 3 s costs an attempt, too.
                opens=AtPoint(phase=Phase.HEARTBEAT, activity="process_batch", number=8),
                closes=OnEvent(type="ActivityTaskCompleted"),
            ),
        )
    ],
    expects=[
        Outcome(result={"processed": all_well.ITEMS}),
        LateOutcomeDiscarded(activity="process_batch", operations=[Items.process, Items.discard]),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
    claims=["HB-006", "TMO-007"],
)
