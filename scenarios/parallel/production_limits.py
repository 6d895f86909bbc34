"""Nothing fails, with production's limits as they are: all three steps are started under them."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded
from scenarios.parallel import all_well
from scenarios.parallel.workflow import Patience

scenario = replace(
    all_well.scenario,
    given=replace(all_well.scenario.given, patience=Patience()),
    expects=[
        Outcome(result={"payment_processed": "charge_o1"}),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=3,
        ),
    ],
    claims=(),
)
