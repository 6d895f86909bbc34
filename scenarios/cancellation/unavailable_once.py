"""The service answers 500 once: that is no refusal, and the next attempt processes every chunk once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, HttpError, Outcome, Recorded
from scenarios.cancellation import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Items.process, status=500, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        Attempts(of=Items.process, count=1 + 4),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
