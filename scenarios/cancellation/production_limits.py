"""Nothing fails, with production's limits as they are: the activity is scheduled under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Outcome, Recorded
from scenarios.cancellation import all_well
from scenarios.cancellation.workflow import Operation

scenario = replace(
    all_well.scenario,
    given=Operation(size=350, limit=timedelta(minutes=20)),
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "1800s",
                "heartbeatTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=1,
        ),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "1200s"}, count=1),
    ],
    claims=(),
)
