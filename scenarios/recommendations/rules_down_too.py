"""Two sources are down: the last one is asked, and answers."""

from __future__ import annotations

from dataclasses import replace

from fakes.ranking import Ranking
from fakes.rules import Rules
from harness import HttpError, Outcome, Recorded
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask), HttpError(on=Rules.ask)],
    expects=[
        Outcome(result={"recommendations": "bestsellers on ada", "source": "popular", "degraded": True}),
        all_well.asked(2, 2, 1),
        # Production's limits, for each source.
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": name},
                    "scheduleToCloseTimeout": "0s",
                    "startToCloseTimeout": within,
                    "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": attempts},
                },
                count=1,
            )
            for name, within, attempts in (
                ("get_ml_recommendations", "10s", 2),
                ("get_rule_based_recommendations", "5s", 2),
                ("get_popular_items", "3s", 3),
            )
        ),
    ],
    claims=["FBK-003"],
)
