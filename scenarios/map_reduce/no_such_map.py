"""No worker knows the map activity: its attempts end with that, and the workflow fails without reducing anything."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome, Recorded, Status
from scenarios.map_reduce import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.JOB, count=100, map_activity="sum_chunks"),
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application NotFoundError")),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        Recorded(event="ActivityTaskScheduled", count=1),
    ],
    claims=["MRD-001"],
)
