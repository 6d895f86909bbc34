"""A run with a timeout of five seconds limits every activity to that, whatever its own timeout is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Outcome, Recorded, StartOptions
from scenarios.timeouts import all_well

LIMITS = ("scheduleToCloseTimeout", "scheduleToStartTimeout", "startToCloseTimeout", "heartbeatTimeout")

scenario = replace(
    all_well.scenario,
    start=StartOptions(run_timeout=timedelta(seconds=5)),
    expects=[
        Outcome(result={"posted": 3}),
        Recorded(
            event="ActivityTaskScheduled",
            having={"activityType": {"name": "post_entries"}, **dict.fromkeys(LIMITS, "5s")},
            count=1,
        ),
    ],
    claims=["TMO-006", "DEF-002"],
)
