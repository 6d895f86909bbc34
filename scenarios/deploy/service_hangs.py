"""The invoice is posted and answered too late: the caller waits no longer than it said, and it is posted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, LateReply, NthCall, Outcome, Recorded
from scenarios.deploy import all_well
from scenarios.deploy.activities import invoice_activities

scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        # A request really takes what it takes: its limit is scaled ten times.
        activities=partial(invoice_activities, answer_within=timedelta(seconds=1)),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Bookkeeping.post, patience=timedelta(seconds=4), when=NthCall(n=1))],
    expects=[
        Outcome(result=["posted", "printed"]),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        AtMostOnce(of=Bookkeeping.post, per="month"),
    ],
)
