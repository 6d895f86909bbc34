"""The best source hangs: its attempts are cut off, and the next one is asked as if it had failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.ranking import Ranking
from harness import Outcome, Recorded, Server, Timeout, TimeoutKind
from scenarios.recommendations import all_well
from scenarios.recommendations.workflow import ML, Wish

# Scaled down, since a running attempt takes what it takes on any clock; its request is not bounded.
SHORT = replace(
    ML, attempt=timedelta(seconds=0.8), answer_within=timedelta(minutes=1), first_wait=timedelta(seconds=0.1)
)

scenario = replace(
    all_well.scenario,
    given=Wish(user="ada", ml=SHORT),
    server=Server(),
    faults=[Timeout(on=Ranking)],
    expects=[
        Outcome(result={"source": "rules", "degraded": True}),
        all_well.asked(2, 1, 0),
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.100s"}}, count=1),
        TimeoutKind(activity="get_ml_recommendations", kind="START_TO_CLOSE", retry_state="MAXIMUM_ATTEMPTS_REACHED"),
    ],
    claims=["FBK-002"],
)
