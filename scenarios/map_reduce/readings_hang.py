"""The service hangs: the caller waits no longer than it said, twice, and nothing is reduced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.readings import Readings
from harness import Amplification, LateReply, Outcome, Recorded, Status
from scenarios.map_reduce import all_well

scenario = replace(
    all_well.scenario,
    # Waiting for an answer takes what it takes on any clock.
    given=replace(
        all_well.JOB,
        count=100,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempts=2),
    ),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Readings.load, patience=timedelta(seconds=4))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        Amplification(of=Readings.load, at_most=2, per="first"),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        Recorded(event="ActivityTaskTimedOut", count=0),
        Recorded(event="ActivityTaskScheduled", count=1),
    ],
    claims=(),
)
