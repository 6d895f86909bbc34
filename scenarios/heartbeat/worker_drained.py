"""The worker is shut down for a deploy: that is no cancellation, and the next worker goes on without a repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    Attempts,
    Drain,
    Latency,
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
    # A grace that is over long before the batch is.
    workers=WorkerProcesses(grace=timedelta(milliseconds=200)),
    faults=[
        Latency(on=Items, delay=timedelta(milliseconds=50)),
        Drain(when=AtPoint(phase=Phase.HEARTBEAT, activity="process_batch", attempt=1, number=5)),
    ],
    expects=[
        Outcome(result={"processed": all_well.ITEMS}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        # The item in hand; the last heartbeat travels with the failure.
        RepeatsBounded(of=Items.process, per="item", at_most=1),
        Attempts(of=Items.discard, count=0),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
    claims=["HB-008"],
)
