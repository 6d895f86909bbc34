"""The service hangs: the caller waits no longer than it said, and each item is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import FirstCalls, LateReply, Outcome, Recorded
from scenarios.checkpoints import all_well
from scenarios.checkpoints.workflow import Patience

scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.scenario.given,
        patience=Patience(answer_within=timedelta(seconds=1), first_wait=timedelta(milliseconds=20)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Items.process, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"processed": 13, "failed": 0}),
        *all_well.EACH_ONCE,
        # The caller gave up by itself: the attempt was not cut off.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        # Its own first wait, and not the one that Temporal has by default.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=17),
    ],
    claims=(),
)
