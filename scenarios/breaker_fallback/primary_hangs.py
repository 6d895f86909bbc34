"""The service hangs: attempts that are cut off count as failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.primary import Primary
from harness import Outcome, Server, Timeout, TimeoutKind
from scenarios.breaker_fallback import all_well
from scenarios.breaker_fallback.all_well import FAILED, SPARED
from scenarios.breaker_fallback.workflow import PRIMARY, Breaker

# Scaled down, since a running attempt takes what it takes on any clock; its request is not bounded.
SHORT = replace(PRIMARY, attempt=timedelta(seconds=0.7), answer_within=timedelta(minutes=1))

scenario = replace(
    all_well.scenario,
    given=replace(all_well.requests(5), primary=SHORT, breaker=Breaker(threshold=3)),
    server=Server(),
    faults=[Timeout(on=Primary)],
    expects=[
        Outcome(),
        all_well.asked(*[FAILED] * 3, SPARED, SPARED),
        TimeoutKind(activity="call_primary_service", kind="START_TO_CLOSE", retry_state="MAXIMUM_ATTEMPTS_REACHED"),
    ],
    claims=["CBF-008"],
)
