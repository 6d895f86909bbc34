"""The best source answers too late: the caller gives up by itself, and the next one is asked as if it had failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.ranking import Ranking
from harness import LateReply, Outcome, Recorded, Server
from scenarios.recommendations import all_well
from scenarios.recommendations.workflow import ML, Wish

# Scaled down: waiting for an answer takes what it takes on any clock.
HURRIED = replace(ML, answer_within=timedelta(seconds=1), first_wait=timedelta(seconds=0.1))

scenario = replace(
    all_well.scenario,
    given=Wish(user="ada", ml=HURRIED),
    server=Server(),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Ranking.ask, patience=timedelta(seconds=4))],
    expects=[
        Outcome(result={"source": "rules", "degraded": True}),
        all_well.asked(2, 1, 0),
        Recorded(
            event="ActivityTaskFailed", having={"failure": {"applicationFailureInfo": {"type": "ReadTimeout"}}}, count=1
        ),
    ],
    claims=(),
)
