"""The service answers too late: the caller gives up by itself, which counts as a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.primary import Primary
from harness import LateReply, Outcome, Recorded, Server
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.workflow import PRIMARY, Breaker

# Scaled down: waiting for an answer takes what it takes on any clock.
HURRIED = replace(PRIMARY, answer_within=timedelta(seconds=1))

scenario = replace(
    all_well.scenario,
    given=replace(all_well.requests(2), primary=HURRIED, breaker=Breaker(threshold=1)),
    server=Server(),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Primary.ask, patience=timedelta(seconds=4))],
    expects=[
        Outcome(),
        all_well.asked(all_well.FAILED, all_well.SPARED),
        Recorded(
            event="ActivityTaskFailed", having={"failure": {"applicationFailureInfo": {"type": "ReadTimeout"}}}, count=1
        ),
    ],
    claims=(),
)
