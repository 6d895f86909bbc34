"""The best source refuses the request for good: it is not asked again, and the next one is asked at once."""

from __future__ import annotations

from dataclasses import replace

from fakes.ranking import Ranking
from harness import HttpError, Outcome, Recorded
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask, status=422)],
    expects=[
        Outcome(result={"source": "rules", "degraded": True}),
        all_well.asked(1, 1, 0),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE",
                "failure": {"applicationFailureInfo": {"type": "Refused"}},
            },
            count=1,
        ),
    ],
    claims=["FBK-004"],
)
