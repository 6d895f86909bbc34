"""The server allows a run five pending activities, and there are seven chunks: five at a time get them all mapped."""

from __future__ import annotations

from dataclasses import replace

from fakes.readings import Readings
from harness import Attempts, Outcome, Server
from scenarios.map_reduce import all_well

# Limits of 5 where production's are 2,000.
FEW = Server(dynamic_config={"limit.numPendingActivities.error": "5", "limit.numPendingChildExecutions.error": "5"})

scenario = replace(
    all_well.scenario,
    given=replace(all_well.JOB, count=601, max_parallel=5),
    server=FEW,
    expects=[
        Outcome(result={"total": 180_300, "count": 601, "average": 300.0}),
        Attempts(of=Readings.load, count=7),
    ],
    claims=(),
)
