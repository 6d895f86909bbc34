"""The storage hangs for one checkpoint: the caller waits no longer than it said, and saves it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.objects import Objects
from harness import FirstCalls, LateReply, Outcome, Recorded
from scenarios.checkpoints import all_well
from scenarios.checkpoints.activities import checkpoint_activities
from scenarios.checkpoints.all_well import ITEMS, told

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled 20 times.
        activities=partial(checkpoint_activities, **all_well.FOR_ANYBODY, storage_answers_within=timedelta(seconds=1)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Objects.put, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"processed": 13, "failed": 0, "checkpoints": 3}),
        told((ITEMS[:5], []), (ITEMS[5:10], []), (ITEMS[10:], [])),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        *all_well.EACH_ONCE,
    ],
    claims=(),
)
