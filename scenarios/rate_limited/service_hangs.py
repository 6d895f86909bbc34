"""The first answer comes too late: the caller waits no longer than it said, and asks once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.enquiries import Enquiries
from harness import FirstCalls, LateReply, Outcome, Recorded
from scenarios.rate_limited import all_well
from scenarios.rate_limited.workflow import Questions

scenario = replace(
    all_well.scenario,
    given=Questions(texts=["rain"], answer_within=timedelta(seconds=1)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Enquiries.ask, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result=["all about rain"]),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
    ],
)
