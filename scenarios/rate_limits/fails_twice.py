"""The service fails twice without a word of how long to wait: 2 and 4 s, and each attempt is one request."""

from __future__ import annotations

from dataclasses import replace

from harness import Attempts, FirstCalls, HttpError, Outcome, Recorded
from scenarios.rate_limits import all_well, refused_by_others
from scenarios.rate_limits.refused_by_others import QUOTES

scenario = replace(
    refused_by_others.scenario,
    faults=[HttpError(on=QUOTES.ask, status=503, when=FirstCalls(n=2))],
    expects=[
        Outcome(result=all_well.prices(1)),
        Attempts(of=QUOTES.ask, count=3),
        Recorded(
            event="ActivityTaskFailed",
            having={"failure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=2,
        ),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "2s"}, count=1),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "4s"}, count=1),
        Recorded(
            event="ActivityTaskScheduled",
            having={"scheduleToCloseTimeout": "10s", "retryPolicy": {"maximumAttempts": 1}},
            count=3,
        ),
    ],
    claims=[],
)
