"""The service is down and its standby answers 429 once: that is no refusal, and the second attempt is answered."""

from __future__ import annotations

from dataclasses import replace

from fakes.primary import Primary
from fakes.standby import Standby
from harness import FirstCalls, HttpError, Outcome, Recorded
from scenarios.breaker_fallback import all_well

scenario = replace(
    all_well.scenario,
    given=all_well.requests(2),
    faults=[HttpError(on=Primary.ask), HttpError(on=Standby.ask, status=429, when=FirstCalls(n=1))],
    expects=[
        Outcome(),
        all_well.asked((1, 2), (1, 1)),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "call_fallback_service"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "5s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=2,
        ),
    ],
    claims=(),
)
