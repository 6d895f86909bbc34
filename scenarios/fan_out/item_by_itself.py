"""An item's answers are lost, under production's limits: three attempts, and discarded as often as it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    EffectsInOrder,
    FirstCalls,
    HttpError,
    LostReply,
    Outcome,
    Recorded,
    RetrySchedule,
    Server,
    Status,
)
from scenarios.fan_out import all_well
from scenarios.fan_out.workflows.item import Item, Patience, ProcessItem

# Production's limits and policies as they are, skipped.
scenario = replace(
    all_well.scenario,
    workflow=ProcessItem.run,
    given=Item(batch="b", item=7, patience=Patience()),
    server=Server(clock=Clock.SKIPPING),
    drive=None,
    faults=[
        LostReply(on=Items.process),
        # More failures than processing has attempts.
        HttpError(on=Items.discard, status=503, when=FirstCalls(n=4)),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        Attempts(of=Items.process, count=3),
        AtMostOnce(of=Items.process, per="item"),
        Attempts(of=Items.discard, count=5),
        RetrySchedule(activity="process", initial=timedelta(seconds=1)),
        RetrySchedule(activity="discard", initial=timedelta(seconds=1)),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "process"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
        Recorded(
            event="ActivityTaskScheduled",
            having={"activityType": {"name": "discard"}, "scheduleToCloseTimeout": "0s", "startToCloseTimeout": "30s"},
            count=1,
        ),
        EffectsInOrder(operations=[Items.process, Items.discard]),
    ],
    claims=(),
)
