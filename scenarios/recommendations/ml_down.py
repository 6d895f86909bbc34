"""The best source is down: after two attempts the next one is called, and the answer is marked as a fallback."""

from __future__ import annotations

from dataclasses import replace

from fakes.ranking import Ranking
from harness import HttpError, Outcome, Recorded
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask)],
    expects=[
        Outcome(result={"recommendations": "rules on ada", "source": "rules", "degraded": True}),
        all_well.asked(2, 1, 0),
        # The first attempt stands nowhere in the history.
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=1),
        Recorded(event="ActivityTaskScheduled", count=2),
    ],
    claims=["FBK-001"],
)
