"""Answers of an entry and of the summary are lost, and 429 comes once: asked again, and each is done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.bookkeeping import Bookkeeping
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, HttpError, LostReply, NthCall, Outcome, Recorded
from scenarios.server_loss import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.MONTH, first_wait=timedelta(milliseconds=20)),
    faults=[
        LostReply(on=Bookkeeping.post, when=NthCall(n=2)),
        HttpError(on=Bookkeeping.post, status=429, when=NthCall(n=5)),
        LostReply(on=Bookkeeping.print, when=FirstCalls(n=1)),
    ],
    expects=[
        Outcome(result=5),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 5, Bookkeeping.print]),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        AtMostOnce(of=Bookkeeping.print, per="month"),
        # The second and the fourth entry are asked for again, and none of those before them.
        Attempts(of=Bookkeeping.post, count=7),
        Attempts(of=Bookkeeping.print, count=2),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "move_entries"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "1800s",
                "heartbeatTimeout": "60s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0},
            },
            count=1,
        ),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "print_summary"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "1800s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0},
            },
            count=1,
        ),
    ],
)
