"""Answers are lost and a further attempt is refused: the run is retried, and the expense is posted once."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import (
    AtMostOnce,
    Attempts,
    Clock,
    EffectsInOrder,
    FirstCalls,
    HttpError,
    LostReply,
    NthCall,
    Outcome,
    Recorded,
    Server,
)
from scenarios.validation import all_well

scenario = replace(
    all_well.scenario,
    # The waits before further attempts and before the second run are skipped.
    server=Server(clock=Clock.SKIPPING),
    faults=[
        LostReply(on=Bookkeeping.post, when=FirstCalls(n=2)),
        HttpError(on=Bookkeeping.post, status=429, when=NthCall(n=3)),
        HttpError(on=Bookkeeping.post, status=503, when=NthCall(n=4)),
        HttpError(on=Bookkeeping.post, status=422, when=NthCall(n=5)),
    ],
    expects=[
        Outcome(result="Success"),
        Recorded(
            event="WorkflowExecutionFailed",
            having={
                "failure": {"cause": {"applicationFailureInfo": {"type": "Refused"}}},
                "retryState": "RETRY_STATE_IN_PROGRESS",
            },
            count=1,
        ),
        Recorded(event="WorkflowExecutionStarted", count=2),
        # One of them in the second run.
        Attempts(of=Bookkeeping.post, count=6),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        EffectsInOrder(operations=[Bookkeeping.post]),
    ],
)
