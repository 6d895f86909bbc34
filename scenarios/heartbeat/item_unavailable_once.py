"""The service answers 500 and then 429 in the middle of the batch: each next attempt begins with that very item."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    Attempts,
    HttpError,
    NoItemLost,
    NthCall,
    Outcome,
    Recorded,
    RepeatsBounded,
    ResumedFromHeartbeat,
)
from scenarios.heartbeat import all_well

scenario = replace(
    all_well.scenario,
    # Production's heartbeat timeout, and so its throttle: nothing of the batch but the first heartbeat is sent in time.
    given=replace(
        all_well.scenario.given,
        patience=replace(all_well.IMPATIENT, silent_within=timedelta(seconds=30), answer_within=timedelta(seconds=10)),
    ),
    faults=[
        HttpError(on=Items.process, status=500, when=NthCall(n=7)),
        HttpError(on=Items.process, status=429, when=NthCall(n=8)),
    ],
    expects=[
        # Although its heartbeats came within milliseconds, the last one: it travels with the failure.
        Outcome(result={"processed": all_well.ITEMS, "resumed_from": 6}),
        ResumedFromHeartbeat(activity="process_batch", field="processed"),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Attempts(of=Items.process, count=all_well.ITEMS + 2),
        RepeatsBounded(of=Items.process, per="item", at_most=2),
        AtMostOnce(of=Items.process, per="item"),
        NoItemLost(of=Items.process, per="item", items=range(all_well.ITEMS)),
    ],
    claims=["HB-002"],
)
