"""Every worker is replaced while the batch is running: it goes on from worker to worker, and no item is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    Attempts,
    Latency,
    NoItemLost,
    Outcome,
    Phase,
    RepeatsBounded,
    ResumedFromHeartbeat,
    RollingRestart,
    WorkerProcesses,
)
from scenarios.heartbeat import all_well
from scenarios.heartbeat.workflow import Batch

ITEMS = 40

scenario = replace(
    all_well.scenario,
    # Each worker that goes costs an attempt, and the batch must not be done before they have gone. Nobody falls silent:
    # what was heartbeated last is reported when an attempt is cut short, so a busy machine is given time.
    given=Batch(items=ITEMS, patience=replace(all_well.IMPATIENT, attempts=6, silent_within=timedelta(seconds=20))),
    workers=WorkerProcesses(count=2, grace=timedelta(milliseconds=200)),
    faults=[
        Latency(on=Items, delay=timedelta(milliseconds=100)),
        RollingRestart(when=AtPoint(phase=Phase.HEARTBEAT, activity="process_batch", attempt=1, number=3)),
    ],
    expects=[
        Outcome(result={"processed": ITEMS}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        # The item in hand, for each attempt that was cut short.
        RepeatsBounded(of=Items.process, per="item", at_most=2),
        Attempts(of=Items.discard, count=0),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(ITEMS)),
    ],
    claims=["HB-008"],
)
