"""All sources are down: the workflow fails with the error of the last one."""

from __future__ import annotations

from dataclasses import replace

from fakes.bestsellers import Bestsellers
from fakes.ranking import Ranking
from fakes.rules import Rules
from harness import HttpError, Outcome, Status
from scenarios.recommendations import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Ranking.ask), HttpError(on=Rules.ask), HttpError(on=Bestsellers.ask)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        all_well.asked(2, 2, 3),
    ],
    claims=["FBK-003"],
)
