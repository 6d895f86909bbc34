"""No worker knows the best source's activity: that is a failure like any other, and the next one is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from harness import Outcome, Recorded
from scenarios.recommendations import all_well
from scenarios.recommendations.activities import recommendation_activities


@asynccontextmanager
async def without_ml(*, ranking: str, rules: str, bestsellers: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities but one."""
    async with recommendation_activities(ranking=ranking, rules=rules, bestsellers=bestsellers) as made:
        yield [one for one in made if one.__name__ != "get_ml_recommendations"]


scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, activities=without_ml),
    expects=[
        Outcome(result={"source": "rules", "degraded": True}),
        all_well.asked(0, 1, 0),
        Recorded(
            event="ActivityTaskFailed",
            having={
                "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED",
                "failure": {"applicationFailureInfo": {"type": "NotFoundError"}},
            },
            count=1,
        ),
    ],
    claims=["FBK-004"],
)
