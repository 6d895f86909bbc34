"""The best source is busy once: that is no refusal, it is asked again after a second, and its answer counts in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.ranking import Ranking
from harness import FirstCalls, HttpError, Outcome, RetrySchedule
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask, status=429, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"source": "ml", "degraded": False}),
        RetrySchedule(activity="get_ml_recommendations", initial=timedelta(seconds=1)),
        all_well.asked(2, 0, 0),
    ],
    claims=["FBK-001"],
)
