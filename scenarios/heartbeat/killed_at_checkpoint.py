"""The worker is killed when a checkpoint is reached: only what the heartbeat throttle held back is repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    Kill,
    Latency,
    NoItemLost,
    Outcome,
    Phase,
    RepeatsBounded,
    ResumedFromHeartbeat,
    WorkerProcesses,
)
from scenarios.heartbeat import all_well
from scenarios.heartbeat.workflow import Batch

ITEMS = 32

SILENT_WITHIN = timedelta(seconds=2.5)

# Heartbeats are held back for 0.8 of it. They may be late on a busy machine, but for no longer than this: an attempt
# that is not heard of for so long is over.
HELD_BACK = SILENT_WITHIN

scenario = replace(
    all_well.scenario,
    given=Batch(items=ITEMS, patience=replace(all_well.IMPATIENT, silent_within=SILENT_WITHIN, attempts=10)),
    workers=WorkerProcesses(),
    faults=[
        # One interval of the throttle is over before the kill, and nearly half of the next.
        Latency(on=Items, delay=timedelta(milliseconds=100)),
        Kill(
            when=AtPoint(
                phase=Phase.HEARTBEAT,
                activity="process_batch",
                checkpoint=28,
                checkpoint_field="processed",
            )
        ),
    ],
    expects=[
        Outcome(result={"processed": ITEMS}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        RepeatsBounded(of=Items.process, per="item", within=HELD_BACK),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(ITEMS)),
    ],
    claims=["HB-001", "HB-004", "HB-005"],
)
