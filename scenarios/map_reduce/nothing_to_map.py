"""The dataset is empty: nothing is mapped, and nothing is reduced to nothing."""

from __future__ import annotations

from dataclasses import replace

from fakes.readings import Readings
from harness import Attempts, Outcome, Recorded
from scenarios.map_reduce import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.JOB, count=0),
    expects=[
        Outcome(result={"total": 0, "count": 0, "average": 0.0}),
        Attempts(of=Readings.load, count=0),
        Recorded(event="ActivityTaskScheduled", having={"activityType": {"name": "sum_up"}}, count=1),
    ],
    claims=["MRD-001"],
)
