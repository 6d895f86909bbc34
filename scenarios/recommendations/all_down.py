"""All sources are down: the workflow fails with the error of the last one."""

from __future__ import annotations

from dataclasses import replace

from fakes.bestsellers import Bestsellers
from fakes.ranking import Ranking
from fakes.rules import Rules
from harness import HttpError, Outcome, Recorded, Status
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask), HttpError(on=Rules.ask), HttpError(on=Bestsellers.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Recorded(
            event="WorkflowExecutionFailed",
            having={"failure": {"activityFailureInfo": {"activityType": {"name": "get_popular_items"}}}},
            count=1,
        ),
        all_well.asked(2, 2, 3),
    ],
    claims=["FBK-003"],
)
