"""A worker is killed after the fifth failure: another one replays the breaker's state and does not call the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.primary import Primary
from harness import AtPoint, HttpError, Kill, Outcome, Phase, Recorded, Server, WorkerProcesses
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED
from scenarios.breaker_fallback.workflow import STANDBY

# Scaled down: so long nobody knows that the attempt died with its worker.
SHORT = replace(STANDBY, attempt=timedelta(seconds=3), first_wait=timedelta(seconds=0.1))

scenario = replace(
    all_well.scenario,
    given=replace(all_well.requests(8), standby=SHORT),
    server=Server(),
    # Without a cache every workflow task replays from the start, and no other worker is waited for.
    workers=WorkerProcesses(max_cached_workflows=0),
    faults=[
        HttpError(on=Primary.ask),
        Kill(when=AtPoint(phase=Phase.BEFORE_BODY, activity="call_fallback_service", nth=6)),
    ],
    expects=[
        Outcome(),
        all_well.asked(*[FAILED] * 5, *[SPARED] * 3),
        # Of the standby.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.100s"}}, count=8),
    ],
    claims=["TBK-006", "CBF-007"],
)
