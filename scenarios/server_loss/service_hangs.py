"""An entry and the summary are answered too late at first: the caller waits no longer than it said, and asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, EffectsInOrder, FirstCalls, LateReply, NthCall, Outcome, Recorded
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, first_wait=timedelta(milliseconds=20), answer_within=timedelta(seconds=1)),
    # A caller that waits for longer than it may gets its answer.
    faults=[
        LateReply(on=Bookkeeping.post, patience=timedelta(seconds=4), when=NthCall(n=2)),
        LateReply(on=Bookkeeping.print, patience=timedelta(seconds=4), when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(result=5),
        # The caller gave up by itself, both times.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=2),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 5, Bookkeeping.print]),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        AtMostOnce(of=Bookkeeping.print, per="month"),
    ],
)
