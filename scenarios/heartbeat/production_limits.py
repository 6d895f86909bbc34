"""Nothing fails, with production's limits as they are: the batch is started under them."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded
from scenarios.heartbeat import all_well
from scenarios.heartbeat.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(items=3),
    expects=[
        Outcome(result={"processed": 3, "resumed_from": 0}),
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
    ],
)
