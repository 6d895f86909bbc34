"""Nothing fails, with production's limits as they are: both activities are started under them."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded
from scenarios.worker_loss import all_well
from scenarios.worker_loss.workflow import Order

scenario = replace(
    all_well.scenario,
    workers=None,
    given=Order(cents=4200),
    expects=[
        Outcome(result={"success": True, "error": ""}),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=2,
        ),
    ],
)
