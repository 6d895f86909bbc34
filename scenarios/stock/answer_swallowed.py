"""The units are taken and the answer never comes: the client gives up after a second, and the order asks again."""

from __future__ import annotations

from dataclasses import replace

from fakes.redis import Redis
from harness import AtPoint, AtStart, Outcome, Phase, Recorded, Timeout, Window
from scenarios.stock import connections_reset

FOR_ONE_ATTEMPT = Window(opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="take", attempt=2))

scenario = replace(
    connections_reset.scenario,
    faults=[Timeout(on=Redis, when=FOR_ONE_ATTEMPT)],
    expects=[
        Outcome(result=3),
        # Given up by the client, long before the attempt's own limit.
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}},
            count=0,
        ),
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
    ],
)
