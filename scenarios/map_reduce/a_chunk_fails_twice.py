"""The service fails twice for a chunk: that is mapped at its third attempt, the others at their first."""

from __future__ import annotations

from dataclasses import replace

from fakes.readings import Readings
from harness import Amplification, Attempts, HttpError, NthCall, Outcome, Recorded
from scenarios.map_reduce import all_well

scenario = replace(
    all_well.scenario,
    # One after the other, so that both failures are the first chunk's. The last one is shorter.
    given=replace(all_well.JOB, count=250, max_parallel=1),
    faults=[
        HttpError(on=Readings.load, status=503, when=NthCall(n=1)),
        HttpError(on=Readings.load, status=429, when=NthCall(n=2)),
    ],
    expects=[
        Outcome(result={"total": 31_125, "count": 250, "average": 124.5}),
        Attempts(of=Readings.load, count=5),
        Amplification(of=Readings.load, at_most=3, per="first"),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=4),
    ],
    claims=["MRD-001"],
)
