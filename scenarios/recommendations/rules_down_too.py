"""Two sources are down: the last one is asked, and answers."""

from __future__ import annotations

from dataclasses import replace

from fakes.ranking import Ranking
from fakes.rules import Rules
from harness import HttpError, Outcome
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask), HttpError(on=Rules.ask)],
    expects=[
        Outcome(result={"recommendations": "bestsellers on ada", "source": "popular", "degraded": True}),
        all_well.asked(2, 2, 1),
    ],
    claims=["FBK-003"],
)
