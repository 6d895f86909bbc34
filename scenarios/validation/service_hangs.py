"""The service posts the expense and answers too late: the caller waits no longer than it said; it is posted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, LateReply, NthCall, Outcome, Recorded
from scenarios.validation import all_well
from scenarios.validation.activities import expense_activities

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled ten times.
        activities=partial(expense_activities, answer_within=timedelta(seconds=1)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Bookkeeping.post, patience=timedelta(seconds=4), when=NthCall(n=1))],
    expects=[
        Outcome(result="Success"),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        AtMostOnce(of=Bookkeeping.post, per="number"),
    ],
)
