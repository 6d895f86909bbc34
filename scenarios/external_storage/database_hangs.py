"""The database hangs: the caller waits no longer than it said, and asks again; nothing is left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.datasets import Datasets
from harness import FirstCalls, LateReply, Outcome, Recorded
from scenarios.external_storage import all_well
from scenarios.external_storage.workflow import Patience

scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.scenario.given,
        patience=Patience(answer_within=timedelta(seconds=1), first_wait=timedelta(milliseconds=20)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Datasets.fetch, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    # Without its own limit it would wait for the ten minutes of an attempt.
    deadline=timedelta(seconds=30),
    expects=[
        Outcome(result=all_well.DONE),
        all_well.NO_ORPHANS,
        # The caller gave up by itself: the attempt was not cut off.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        # Its own first wait, and not the one that Temporal has by default.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=3),
    ],
    claims=(),
)
