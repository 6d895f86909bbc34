"""A lot is posted and answered too late: the caller waits no longer than it said, and the same lot is posted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, LateReply, OnlyNthCall, Outcome, Recorded
from scenarios.determinism import all_well
from scenarios.determinism.activities import lot_activities

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled ten times.
        activities=partial(lot_activities, answer_within=timedelta(seconds=1)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[OnlyNthCall(on=Bookkeeping.post, n=1, fault=LateReply(on=Bookkeeping.post, patience=timedelta(seconds=4)))],
    expects=[
        Outcome(),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        AtMostOnce(of=Bookkeeping.post, per="number"),
    ],
    claims=(),
)
