"""The service hangs: the caller waits no longer than it said, and each chunk is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import AtMostOnce, FirstCalls, LateReply, Outcome, Recorded
from scenarios.cancellation import all_well

scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.OPERATION,
        limit=timedelta(minutes=1),
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), silent_within=timedelta(seconds=20)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        AtMostOnce(of=Items.process, per="item"),
        # The caller gave up by itself: the attempt was not cut off.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        # Its own first wait, and not the one that Temporal has by default.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=1),
    ],
    claims=(),
)
