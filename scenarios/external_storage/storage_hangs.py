"""The storage hangs for one request: the caller waits no longer than it said, and stores the same object again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.objects import Objects
from harness import AtMostOnce, FirstCalls, LateReply, Outcome, Recorded
from scenarios.external_storage import all_well
from scenarios.external_storage.activities import data_activities

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled 20 times.
        activities=partial(data_activities, **all_well.FOR_ANYBODY, storage_answers_within=timedelta(seconds=1)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Objects.put, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result=all_well.DONE),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        AtMostOnce(of=Objects.put),
        all_well.NO_ORPHANS,
    ],
    claims=(),
)
