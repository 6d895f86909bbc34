"""The service hangs for longer than the heartbeat timeout: another attempt goes on after the last item done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    FromCall,
    NoItemLost,
    Outcome,
    Phase,
    RepeatsBounded,
    ResumedFromHeartbeat,
    Timeout,
    Window,
)
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    # Requests that are not bounded below the heartbeat timeout, as they should be.
    given=replace(all_well.scenario.given, patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=20))),
    faults=[
        Timeout(
            on=Items,
            when=Window(opens=FromCall(n=7, of=Items.process), closes=AtPoint(phase=Phase.BEFORE_BODY, attempt=2)),
        )
    ],
    expects=[
        # The worker lives, so that it has sent what the throttle held back (HB-003).
        Outcome(result={"processed": all_well.ITEMS, "resumed_from": 6}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        RepeatsBounded(of=Items.process, per="item", at_most=1),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
    claims=["HB-003", "TMO-005"],
)
